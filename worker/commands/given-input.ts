/** The input of a command, as the web process hands it on. */
import { forgetInput, type InputPiece, takeInput } from "@/lib/commands/output.server";
import { insist } from "@/lib/db/insist.server";
import { Wake } from "@/lib/events/hub.server";

/** Whoever gives nothing for so long has gone. */
const GIVER_MS = 60_000;

/** Ends when all of it is given. @throws Error when its giver has gone. */
export async function* givenInput(
  commandId: string,
  bytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const wake = new Wake((pointer) => pointer.kind === "command" && pointer.id === commandId);
  try {
    let heard = Date.now();
    let after: number | null = null;
    for (let left = bytes; left > 0 && !signal.aborted; ) {
      const last: number | null = after;
      const piece: InputPiece | null = await insist(() => takeInput(commandId, last), signal);
      if (piece) {
        after = piece.seq;
        left -= piece.data.length;
        heard = Date.now();
        // The last of it: nobody asks for another one.
        if (left <= 0) await insist(() => forgetInput(commandId), signal);
        yield piece.data;
        continue;
      }
      if (Date.now() - heard > GIVER_MS)
        throw new Error(`${left} bytes are missing: nothing came for ${GIVER_MS / 1_000} s`);
      await wake.next(1_000, signal);
    }
  } finally {
    wake.close();
  }
}
