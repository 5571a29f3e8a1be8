/** The program behind `npm run logs`. */
import { parseArgs } from "node:util";
import { closeDatabase } from "@/lib/db/client.server";
import { createToken, revokeToken } from "@/lib/users/create-token.server";
import { systemActor } from "@/lib/users/roles";
import { printLog } from "./logs/print";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { follow: { type: "boolean", short: "f", default: false } },
});
const [snapshotId] = positionals;
const url = process.env.KILN_URL;
if (!snapshotId || positionals.length > 1 || !url) {
  process.stderr.write("Usage: npm run logs -- SNAPSHOT [--follow], with a snapshot's id.\n");
  process.exit(2);
}

// `npm run logs … | head` closes the pipe, and that is no failure.
process.stdout.on("error", () => process.exit(0));
const given = process.env.KILN_TOKEN;
const made = given ? null : await createToken({ name: "npm run logs", role: "viewer" });
const revoke = async () => {
  if (made) await revokeToken(systemActor, made.wire.id);
  await closeDatabase();
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    revoke().then(
      () => process.exit(130),
      () => process.exit(130),
    );
  });

let code: number;
try {
  code = await printLog({
    source: { url, token: given ?? made?.token ?? "" },
    snapshotId,
    follow: values.follow,
    output: {
      write: (text) => new Promise((resolve) => process.stdout.write(text, () => resolve())),
      note: (text) => void process.stderr.write(`──── ${text}\n`),
      isTerminal: process.stdout.isTTY,
    },
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  code = 2;
}
await revoke();
// Connections that are kept open for later would hold it up.
process.exit(code);
