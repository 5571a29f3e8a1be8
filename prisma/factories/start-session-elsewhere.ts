/** Starts a session in a process of its own, whose clock is wrong: what a web process of another machine does. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { type SessionWire, sessionSchema } from "@/lib/sessions/wire";
import { clockOff } from "@/worker/testing/wrong-clock";

const root = path.join(import.meta.dirname, "../..");
const script = `
  import { createSession } from "@/lib/sessions/create.server";
  import { operator } from "@/prisma/factories/people";
  const profile = process.argv.at(-1);
  console.log(JSON.stringify(await createSession(operator, { profile, env: {} })));
  process.exit(0);`;

/** @param minutes how far its clock is ahead; less than nothing for behind */
export async function startSessionElsewhere(profile: string, minutes: number): Promise<SessionWire> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", script, "--", profile],
    { cwd: root, env: { ...process.env, ...clockOff(minutes) }, timeout: 20_000 },
  );
  return sessionSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
}
