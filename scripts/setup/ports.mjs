import { createServer } from "node:net";

/**
 * @param {number} port
 * @param {string} [host] every address unless given
 * @returns {Promise<number | null>} the port that was bound, or null when it is taken
 */
function tryToBind(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") return resolve(null);
      // A machine without IPv6 can't bind every address at once; that says nothing about the port.
      if (error.code === "EAFNOSUPPORT" || error.code === "EADDRNOTAVAIL") return resolve(port);
      reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === "object" ? address.port : port));
    });
  });
}

/** @param {number} port */
export async function isPortFree(port) {
  return (await tryToBind(port, "127.0.0.1")) !== null && (await tryToBind(port)) !== null;
}

/** A port that is free at this moment; whoever binds it must be ready to ask for another one. */
export async function findFreePort() {
  const port = await tryToBind(0, "127.0.0.1");
  if (!port) throw new Error("This machine has no free port.");
  return port;
}
