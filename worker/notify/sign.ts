/** Signatures in the manner of Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`. */
import { createHmac } from "node:crypto";

/** @param key "whsec_" and base64 @param at seconds since 1970 */
export function signatureHeaders(key: string, id: string, at: number, body: string): Record<string, string> {
  const secret = Buffer.from(key.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", secret).update(`${id}.${at}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": `v1,${signature}` };
}
