/** A channel's address and key, encrypted and bound to its row like a secret. */
import { seal } from "@/lib/secrets/envelope.server";
import { secretKey } from "@/lib/secrets/key.server";

export type SealedPart = "target" | "key";

/** Which row and which of its columns a ciphertext belongs to. */
export const rowOf = (installation: string, id: string, part: SealedPart) => ({
  installation,
  id,
  name: `channel ${part}`,
});

export const sealPart = (installation: string, id: string, part: SealedPart, value: string) =>
  seal(secretKey(), rowOf(installation, id, part), value);
