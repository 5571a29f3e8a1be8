/** Lists a folder of a session, by a command in its sandbox. */
import { runCommand } from "@/lib/commands/run.server";
import type { Actor } from "@/lib/users/roles";
import { readEntries } from "./entries";
import { placeOf } from "./exec.server";
import { listProgram } from "./file-programs";
import { refused, shell } from "./files.server";
import type { Folder } from "./wire";

const SECONDS = 30;

/** @param path absolute, or from the session's working folder @throws AppError 404, 403, 409 with the reason. */
export async function listFolder(actor: Actor, sessionId: string, path: string): Promise<Folder> {
  const request = { command: shell(listProgram, path), timeoutSeconds: SECONDS };
  const { exitCode, stdout, stderr, truncated } = await runCommand(actor, await placeOf(sessionId), request);
  if (exitCode !== 0 && stdout === "") throw refused(exitCode, stderr, path);
  return readEntries(stdout, truncated);
}
