/** Secrets as they cross to the browser and the API: everything but the value. */
import { z } from "zod";
import { storable } from "@/lib/text";
import { secretName } from "./name";

const MAX_BYTES = 64 * 1024;
/** A shorter one can't be masked: it would be found all over a log where it isn't meant. */
export const MIN_CHARACTERS = 8;

export const secretSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** How many values it has had. */
  revision: z.number().int(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
  /** The newest versions that name it, of profiles that aren't archived. */
  usedBy: z.array(z.object({ profile: z.string(), version: z.number().int() })),
});
export type SecretWire = z.infer<typeof secretSchema>;

export const secretValue = storable(z.string().min(1, "Enter the value."))
  .refine(
    (text) => text.trim().length >= MIN_CHARACTERS,
    `Use at least ${MIN_CHARACTERS} characters: Kiln masks the value in logs, and a shorter one would mask ordinary words.`,
  )
  .refine((text) => new TextEncoder().encode(text).length <= MAX_BYTES, "Use at most 64 KiB.");

export const putSecretSchema = z.strictObject({ value: secretValue });
export const namedSecretSchema = z.strictObject({ name: secretName, value: secretValue });
