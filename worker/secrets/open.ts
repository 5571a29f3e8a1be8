/** Opening what the web sealed. Nothing outside of the worker does. */
import { createDecipheriv } from "node:crypto";
import { boundTo, FORMAT, NONCE_BYTES, type SecretRow, TAG_BYTES } from "@/lib/secrets/envelope.server";

export class SecretNotOpened extends Error {
  override readonly name = "SecretNotOpened";
}

/** @throws SecretNotOpened when the key is another one, or the row was tampered with. */
export function open(key: Uint8Array, row: SecretRow, sealed: Uint8Array): string {
  const start = 1 + NONCE_BYTES + TAG_BYTES;
  if (sealed[0] !== FORMAT || sealed.length < start)
    throw new SecretNotOpened(`The secret ${row.name} is kept in a form that this release can't read.`);
  try {
    const opener = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 1 + NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    opener.setAAD(boundTo(row));
    opener.setAuthTag(sealed.subarray(1 + NONCE_BYTES, start));
    return Buffer.concat([opener.update(sealed.subarray(start)), opener.final()]).toString("utf8");
  } catch (error) {
    throw new SecretNotOpened(
      `The secret ${row.name} can't be decrypted: this worker's KILN_SECRET_KEY isn't the one that it was stored with, or the row was changed. Give the worker that key, or store the secret again.`,
      { cause: error },
    );
  }
}
