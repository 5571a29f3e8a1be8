import { AppError } from "@/lib/errors";
import { deleteFile, readFile, writeFile } from "@/lib/sessions/files.server";
import { filePathSchema } from "@/lib/sessions/wire";
import { pulledBody } from "@/lib/web/pulled-body.server";
import { route } from "@/lib/web/route.server";
import { openStream } from "@/lib/web/streams.server";

type Params = { id: string };
const MAX_BYTES = 4 * 1024 ** 3;
const TAR = "application/x-tar";

/** A file's bytes; a folder as a tar. Next lets no length of ours pass, so a file's has a header of its own. */
export const GET = route<Params, never, typeof filePathSchema>(
  { role: "operator", query: filePathSchema },
  async ({ request, actor, params, query: { path } }) => {
    const open = openStream(request, actor);
    try {
      const file = await readFile(actor, params.id, path, open.signal);
      const name = path.split("/").filter(Boolean).at(-1) ?? "files";
      const saved = encodeURIComponent(file.kind === "folder" ? `${name}.tar` : name);
      return new Response(
        pulledBody(open, file.content, (piece) => piece),
        {
          headers: {
            "content-type": file.kind === "folder" ? TAR : "application/octet-stream",
            "content-disposition": `attachment; filename*=UTF-8''${saved}`,
            ...(file.bytes === null ? {} : { "x-file-size": String(file.bytes) }),
            "cache-control": "no-store, no-transform",
            "content-security-policy": "default-src 'none'; sandbox",
            "x-content-type-options": "nosniff",
          },
        },
      );
    } catch (error) {
      open.close();
      throw error;
    }
  },
);

/** Writes a file, making its folders; a tar is unpacked into a folder. */
export const PUT = route<Params, never, typeof filePathSchema>(
  { role: "operator", query: filePathSchema },
  async ({ request, actor, params, query: { path } }) => {
    const length = request.headers.get("content-length") ?? (request.body ? null : "0");
    const bytes = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
    if (bytes === null)
      throw new AppError(400, "length_required", "Say how long it is: send a Content-Length.");
    if (bytes > MAX_BYTES)
      throw new AppError(
        413,
        "body_too_large",
        "The file is larger than 4 GiB, which is the most at a time.",
      );
    const tar = request.headers.get("content-type")?.startsWith(TAR) === true;
    await writeFile(actor, params.id, { path, bytes, tar }, request.body ?? []);
    return new Response(null, { status: 204 });
  },
);

export const DELETE = route<Params, never, typeof filePathSchema>(
  { role: "operator", query: filePathSchema },
  async ({ actor, params, query: { path } }) => {
    await deleteFile(actor, params.id, path);
    return new Response(null, { status: 204 });
  },
);
