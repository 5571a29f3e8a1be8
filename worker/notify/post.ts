/** Posts a message: one connection, no redirects, a deadline, and of the answer only as much as anybody needs. */
import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { guardedLookup, refuseLiteral } from "./address";

const DEADLINE_MS = 15_000;
/** Of an answer's body, for the record. */
const READ_BYTES = 64 * 1024;

export interface Posted {
  status: number;
  /** The beginning of what it answered. */
  body: string;
}

/** @throws ForbiddenAddress, or whatever went wrong on the way. */
export async function post(
  address: string,
  {
    headers,
    body,
    allowPrivate,
    deadlineMs = DEADLINE_MS,
  }: { headers: Record<string, string>; body: string; allowPrivate: boolean; deadlineMs?: number },
): Promise<Posted> {
  const url = new URL(address);
  refuseLiteral(url, allowPrivate);
  const signal = AbortSignal.timeout(deadlineMs);
  const request = url.protocol === "https:" ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const failed = (error: Error) =>
      reject(signal.aborted ? new Error(`It didn’t answer within ${deadlineMs / 1_000} s.`) : error);
    const sending = request(
      url,
      {
        method: "POST",
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
        // A connection of its own: a kept one was judged by another channel's rules.
        agent: false,
        lookup: guardedLookup(allowPrivate),
        signal,
      },
      (answer) => {
        answer.on("error", failed);
        let read = 0;
        const pieces: Buffer[] = [];
        const done = () => {
          const said = Buffer.concat(pieces).subarray(0, READ_BYTES).toString("utf8");
          resolve({ status: answer.statusCode ?? 0, body: said });
          answer.destroy();
        };
        answer.on("data", (piece: Buffer) => {
          pieces.push(piece);
          read += piece.length;
          if (read >= READ_BYTES) done();
        });
        answer.on("end", done);
      },
    );
    sending.on("error", failed);
    sending.end(body);
  });
}
