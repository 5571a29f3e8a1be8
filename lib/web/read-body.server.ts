/** The whole body of a request, of which there is a limit. */
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log.server";

const MAX_BYTES = 2 * 1024 * 1024;

/**
 * @throws AppError 413 `body_too_large` as soon as it is larger than 2 MiB; 400 `body_cut_off` when whoever sends it leaves, as a page
 * does that is gone on from.
 */
export async function readBody(request: Pick<Request, "body">): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (;;) {
    // What breaks here is the line to the sender, and nothing of ours.
    const piece = await reader?.read().catch((error: unknown) => {
      log.debug({ err: error }, "a request's body was cut off");
      throw new AppError(400, "body_cut_off", "The request ended before all of its body had come.");
    });
    if (!piece || piece.done) return Buffer.concat(chunks);
    size += piece.value.length;
    if (size > MAX_BYTES) {
      await reader?.cancel();
      throw new AppError(413, "body_too_large", "The body is larger than 2 MiB.");
    }
    chunks.push(piece.value);
  }
}
