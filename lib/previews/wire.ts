/** Previews of a session's ports as they cross to the browser and the API. */
import { z } from "zod";

const portSchema = z
  .int("Give the port as a whole number.")
  .min(1, "Ports begin at 1.")
  .max(65_535, "Ports end at 65535.");

export const openPreviewSchema = z.strictObject({
  port: portSchema,
  /** Where to begin, with its query. */
  path: z
    .string()
    .max(1_000, "Use at most 1,000 characters.")
    .regex(/^\/(?![/\\])[\x21-\x7e]*$/, "Begin with one “/”, and write other characters as %XX.")
    .default("/"),
});
export type OpenPreview = z.infer<typeof openPreviewSchema>;

export const previewAnswerSchema = z.object({
  /** Opens the preview once, within half a minute; from then on the browser has a pass of its own. */
  url: z.url(),
  expiresAt: z.iso.datetime(),
});
export type PreviewAnswer = z.infer<typeof previewAnswerSchema>;

/** Where a ticket is taken, on the preview's own host. All under `/.kiln/` is Kiln's. */
export const OWN_PATH = "/.kiln/";
export const ENTER_PATH = `${OWN_PATH}enter`;
