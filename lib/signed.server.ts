/**
 * Short texts that this installation signs and later believes: tickets, passes. Each purpose has a key of its own, which
 * follows from the installation's, so that one can't be passed off as another.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { z } from "zod";
import { secretKey } from "@/lib/secrets/key.server";

const MAX_LENGTH = 4_096;

export interface Signer<Claim> {
  /** @returns a text of letters, digits, `-`, `_` and one dot. */
  sign(claim: Claim): string;
  /** What it says; null unless it was signed here for this purpose. It may have expired, and may have been used. */
  read(text: string): Claim | null;
}

/** @param purpose names the key; it stays the same for as long as what was signed is to be believed */
export function signer<Claim>(purpose: string, schema: z.ZodType<Claim>): Signer<Claim> {
  const signatureOf = (payload: string): Buffer => {
    const key = new Uint8Array(hkdfSync("sha256", secretKey(), "", purpose, 32));
    return createHmac("sha256", key).update(payload).digest();
  };
  return {
    sign: (claim) => {
      const payload = Buffer.from(JSON.stringify(claim)).toString("base64url");
      return `${payload}.${signatureOf(payload).toString("base64url")}`;
    },
    read: (text) => {
      const [payload = "", signature = "", ...rest] = text.length > MAX_LENGTH ? [] : text.split(".");
      if (payload === "" || signature === "" || rest.length > 0) return null;
      const given = Buffer.from(signature, "base64url");
      const due = signatureOf(payload);
      // Base64 has several spellings of the same bytes; only ours counts.
      if (
        given.length !== due.length ||
        !timingSafeEqual(given, due) ||
        due.toString("base64url") !== signature
      )
        return null;
      const parsed = schema.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString()));
      return parsed.success ? parsed.data : null;
    },
  };
}
