/** Running a command in a terminal. */
import { once } from "node:events";
import { Duplex } from "node:stream";
import type { TerminalProcess, TerminalRequest } from "../terminal-types";
import { EngineError } from "../types";
import type { Client } from "./client";
import { type OpenStream, openStream, withDeadline } from "./deadline";
import { toEnv } from "./env";
import { isEngineError, toEngineError } from "./errors";
import { endCommand, withLeader } from "./exec-leader";
import { exitCodeOf } from "./exec-process";

/**
 * The engine ends its connection at a sequence of keys, and holds the first one back until it has seen the next. By default
 * that is Ctrl+P, which shells need; there has to be one, so it is one that nobody types.
 */
const DETACH_KEYS = Array.from({ length: 12 }, () => "ctrl-\\,ctrl-^").join(",");

/** How long the shell may take to say its number. */
const LEADER_MS = 15_000;

/** It says its number first, as an executed command does: by that it can be ended with all that came of it. */
export async function openTerminal(
  client: Client,
  container: string,
  { command, user, workdir, env, columns, rows }: TerminalRequest,
): Promise<TerminalProcess> {
  const size: [number, number] = [rows, columns];
  const { id } = await withDeadline("create terminal", client.deadlines.quick, (abortSignal) =>
    client.docker.getContainer(container).exec({
      Cmd: withLeader(command),
      User: user,
      WorkingDir: workdir,
      Env: toEnv(env),
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: true,
      DetachKeys: DETACH_KEYS,
      ConsoleSize: size,
      abortSignal,
    }),
  );
  const opened = await openStream("start terminal", client.deadlines.slow, (abortSignal) =>
    client.docker
      .getExec(id)
      .start({ hijack: true, stdin: true, Tty: true, ...{ ConsoleSize: size }, abortSignal }),
  );
  const { stream } = opened;
  if (!(stream instanceof Duplex)) {
    opened.close();
    throw new EngineError("failed", "The engine opened a terminal that can't be written to.");
  }
  const pieces = piecesOf(opened);
  const { leader, rest } = await firstLine(pieces, opened);
  return {
    output: outputOf(rest, pieces),
    write: async (data) => {
      if (stream.destroyed || !stream.writable || stream.write(data)) return;
      await Promise.race([once(stream, "drain"), once(stream, "close")]);
    },
    resize: (columns, rows) => resize(client, id, { columns, rows }),
    exitCode: () => exitCodeOf(client, id, 1_000),
    end: async () => {
      try {
        if ((await exitCodeOf(client, id, 0)) === null)
          await endCommand(client, container, { exec: id, leader, user });
      } catch (error) {
        // When it has ended meanwhile, with its container most of all, that is what was wanted.
        if (!isEngineError(error, "conflict", "not_found") && (await exitCodeOf(client, id, 0)) === null)
          throw error;
      } finally {
        opened.close();
      }
    },
  };
}

/** Everything that it sends. A connection that was closed on purpose has an end like any other. */
async function* piecesOf({ stream }: OpenStream): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const piece of stream) yield piece;
  } catch (error) {
    if (!stream.destroyed) throw toEngineError(error);
  }
}

async function* outputOf(rest: Uint8Array, pieces: AsyncIterable<Uint8Array>) {
  if (rest.length > 0) yield rest;
  yield* pieces;
}

const LONGEST_LINE = 256;

/** @throws EngineError when there is no shell to say it. */
async function firstLine(
  pieces: AsyncGenerator<Uint8Array, void, void>,
  { close }: OpenStream,
): Promise<{ leader: number; rest: Uint8Array }> {
  let seen: Uint8Array = new Uint8Array();
  const timer = setTimeout(close, LEADER_MS);
  try {
    for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) {
      seen = Buffer.concat([seen, piece.value]);
      const end = seen.indexOf(0x0a);
      if (end < 0 && seen.length < LONGEST_LINE) continue;
      const line = Buffer.from(seen.subarray(0, Math.max(end, 0))).toString("latin1");
      if (/^\d+\r?$/.test(line)) return { leader: Number.parseInt(line, 10), rest: seen.subarray(end + 1) };
      break;
    }
  } finally {
    clearTimeout(timer);
  }
  close();
  const said = Buffer.from(seen).toString().trim().slice(0, LONGEST_LINE);
  throw new EngineError("failed", `No shell could be started in the container. ${said}`.trim());
}

async function resize(
  client: Client,
  id: string,
  { columns, rows }: { columns: number; rows: number },
): Promise<void> {
  try {
    await withDeadline("resize terminal", client.deadlines.quick, (abortSignal) =>
      client.docker.getExec(id).resize({ h: rows, w: columns, abortSignal }),
    );
  } catch (error) {
    // One that has ended has no size.
    if (!isEngineError(error, "conflict", "not_found", "failed")) throw error;
  }
}
