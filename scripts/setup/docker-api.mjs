/** The container engine's API over Node's own HTTP client: setting up needs it before any dependency is there. */
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { homedir } from "node:os";
import path from "node:path";
import { Refusal } from "./refusal.mjs";

/**
 * @param {string} dockerHost `unix:///path` or `tcp://host:port`, TLS as DOCKER_TLS_VERIFY and DOCKER_CERT_PATH say
 * @returns {import("node:https").RequestOptions & { secure: boolean }}
 */
export function connectionTo(dockerHost) {
  if (dockerHost.startsWith("unix://"))
    return { secure: false, socketPath: dockerHost.slice("unix://".length) };
  const url = /^(tcp|https?):\/\//.test(dockerHost) ? new URL(dockerHost.replace(/^tcp:/, "http:")) : null;
  if (!url) throw new Refusal(`DOCKER_HOST must begin with unix:// or tcp://, it is ${dockerHost}.`);
  const secure = url.protocol === "https:" || Boolean(process.env.DOCKER_TLS_VERIFY);
  const port = Number(url.port) || (secure ? 2376 : 2375);
  // An address of IPv6 stands in brackets in a URL, and nowhere else.
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return { secure, host, port, ...(secure ? readCertificates() : {}) };
}

function readCertificates() {
  const folder = process.env.DOCKER_CERT_PATH || path.join(homedir(), ".docker");
  const read = (/** @type {string} */ name) => {
    try {
      return readFileSync(path.join(folder, name));
    } catch (error) {
      const why = /** @type {NodeJS.ErrnoException} */ (error).code;
      throw new Refusal(
        `TLS to the engine needs ${path.join(folder, name)}, which can't be read (${why}). DOCKER_CERT_PATH names the folder that has ca.pem, cert.pem and key.pem.`,
      );
    }
  };
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}

/**
 * @typedef {object} EngineRequest
 * @property {string} [method]
 * @property {import("node:stream").Readable} [body]
 * @property {number} [silenceMs] how long the engine may say nothing; 30 s unless given
 * @property {number} [deadlineMs] for the whole; 120 s unless given
 */

/**
 * One call. An engine that accepts and never answers is as good as none, hence both limits.
 * @param {string} dockerHost
 * @param {string} target path and query
 * @param {EngineRequest} [options]
 * @returns {Promise<{ status: number, body: string }>}
 */
export function askEngine(dockerHost, target, options = {}) {
  const { method = "GET", body, silenceMs = 30_000, deadlineMs = 120_000 } = options;
  const { secure, ...connection } = connectionTo(dockerHost);
  return new Promise((resolve, reject) => {
    const headers = body
      ? { "Content-Type": "application/x-tar", Connection: "close" }
      : { Connection: "close" };
    const signal = AbortSignal.timeout(deadlineMs);
    const request = (secure ? https : http).request(
      { ...connection, method, path: target, headers, signal, timeout: silenceMs },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on("error", reject);
      },
    );
    request.on("timeout", () =>
      request.destroy(new Error(`the engine said nothing for ${silenceMs / 1000} s`)),
    );
    request.on("error", reject);
    if (!body) return void request.end();
    body.on("error", (error) => request.destroy(error));
    body.pipe(request);
  });
}

/**
 * A call that must succeed. Progress streams answer 200 and report a failure in their last lines.
 * @param {string} dockerHost
 * @param {string} target
 * @param {EngineRequest} [options]
 */
export async function requireEngine(dockerHost, target, options) {
  const { status, body } = await askEngine(dockerHost, target, options);
  const failure = /"(?:error|message)":"((?:[^"\\]|\\.)*)"/.exec(
    status >= 400 ? body : onlyErrors(body),
  )?.[1];
  if (status >= 400 || failure)
    throw new Error(`the engine says: ${failure?.replaceAll('\\"', '"') ?? body.trim()}`);
  return body;
}

/** @param {string} progress */
function onlyErrors(progress) {
  return progress
    .split("\n")
    .filter((line) => line.includes('"error":'))
    .join("\n");
}

/**
 * @param {string} dockerHost
 * @param {number} [deadlineMs]
 * @returns {Promise<"up" | "denied" | "down">}
 */
export async function pingEngine(dockerHost, deadlineMs = 5_000) {
  try {
    const { status } = await askEngine(dockerHost, "/_ping", { deadlineMs });
    return status === 200 ? "up" : "down";
  } catch (error) {
    if (error instanceof Refusal) throw error;
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EACCES" ? "denied" : "down";
  }
}

/** @param {string} dockerHost @param {string} reference */
export async function hasImage(dockerHost, reference) {
  return (await askEngine(dockerHost, `/images/${reference}/json`)).status === 200;
}

/**
 * Makes an image of a file tree.
 * @param {string} dockerHost
 * @param {string} reference `name:tag`
 * @param {import("node:stream").Readable} tar
 * @param {string[]} changes Dockerfile instructions
 */
export async function importImage(dockerHost, reference, tar, changes) {
  const [repo = reference, tag = "latest"] = reference.split(":");
  const query = new URLSearchParams({ fromSrc: "-", repo, tag });
  for (const change of changes) query.append("changes", change);
  const options = { method: "POST", body: tar, silenceMs: 120_000, deadlineMs: 180_000 };
  await requireEngine(dockerHost, `/images/create?${query}`, options);
}
