/** The whole body of a request, of which there is a limit. */
import { AppError } from "@/lib/errors";

const MAX_BYTES = 2 * 1024 * 1024;

/** @throws AppError 413 `body_too_large` as soon as it is larger than 2 MiB. */
export async function readBody(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new AppError(413, "body_too_large", "The body is larger than 2 MiB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
