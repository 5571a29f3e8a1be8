/**
 * A secret's ciphertext: one byte of format, 12 of nonce, 16 of tag, then AES-256-GCM. It is bound to its row
 * by additional data, so one that was moved to another row or installation doesn't open.
 */
import { createCipheriv, randomBytes } from "node:crypto";

export const FORMAT = 1;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** Which row a ciphertext belongs to. */
export interface SecretRow {
  installation: string;
  id: string;
  name: string;
}

export const boundTo = ({ installation, id, name }: SecretRow) =>
  Buffer.from(JSON.stringify(["kiln secret", installation, id, name]));

/** Encrypts. Opening is the worker's alone: `worker/secrets/open.ts`. */
export function seal(key: Uint8Array, row: SecretRow, value: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(boundTo(row));
  const text = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  return new Uint8Array(Buffer.concat([Uint8Array.of(FORMAT), nonce, cipher.getAuthTag(), text]));
}
