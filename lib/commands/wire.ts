/** Commands in sandboxes as they cross to the browser and the API. */
import { z } from "zod";
import { storable } from "@/lib/text";

export const execSchema = z.strictObject({
  command: z
    .array(storable(z.string().max(131_072)))
    .min(1, "Give a command.")
    .max(1000),
  timeoutSeconds: z.int().min(1).max(3600).default(60),
});
export type ExecRequest = z.infer<typeof execSchema>;

export const execAnswerSchema = z.object({
  exitCode: z.number().int(),
  stdout: z.string(),
  stderr: z.string(),
  /** More than 1 MiB a stream: the rest was dropped. */
  truncated: z.boolean(),
});
export type ExecAnswer = z.infer<typeof execAnswerSchema>;

/** One line, or event, of a command whose output is streamed: some output, or how it ended. The end comes last. */
export const execFrameSchema = z.union([
  z.object({ stream: z.enum(["stdout", "stderr"]), text: z.string() }),
  /** Truncated: nobody read for so long that some of the output was dropped. */
  z.object({ exitCode: z.number().int(), truncated: z.boolean() }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
]);
export type ExecFrame = z.infer<typeof execFrameSchema>;
