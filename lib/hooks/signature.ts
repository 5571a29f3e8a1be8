/**
 * Whether a message is from someone who holds the hook's key, and by what it is known when it comes again. Two ways of
 * signing are taken: Standard Webhooks (id, time and body are signed), and GitHub's and Gitea's `X-Hub-Signature-256`, which
 * signs the body alone.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Of Standard Webhooks' recommendation: an older or a later message isn't taken. */
export const TOLERANCE_SECONDS = 300;
export const KEY_PREFIX = "whsec_";

export type Verdict =
  | { ok: true /** The same message again has the same one. */; known: string }
  | { ok: false; code: "unsigned" | "wrong_signature" | "too_old"; message: string };

/** @param key "whsec_" and base64; to GitHub the whole text is the secret @param now milliseconds */
export function verify(key: string, headers: Pick<Headers, "get">, body: Uint8Array, now: number): Verdict {
  const id = headers.get("webhook-id");
  const time = headers.get("webhook-timestamp");
  const signatures = headers.get("webhook-signature");
  if (id !== null && time !== null && signatures !== null)
    return standard(key, { id, time, signatures }, body, now);
  const github = headers.get("x-hub-signature-256");
  if (github !== null) {
    const right = `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
    if (!same(github.trim(), right)) return wrong;
    // Neither a time nor its id is signed: what was said once isn't taken again, whatever it is called.
    return { ok: true, known: `body ${createHash("sha256").update(body).digest("hex")}` };
  }
  return {
    ok: false,
    code: "unsigned",
    message:
      "Sign the message: with webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks), or with X-Hub-Signature-256 (GitHub).",
  };
}

const wrong: Verdict = {
  ok: false,
  code: "wrong_signature",
  message:
    "The signature isn’t this hook’s. Sign the bytes of the body, as they are sent, with its signing key.",
};

function standard(
  key: string,
  { id, time, signatures }: { id: string; time: string; signatures: string },
  body: Uint8Array,
  now: number,
): Verdict {
  const secret = Buffer.from(key.slice(KEY_PREFIX.length), "base64");
  const right = `v1,${createHmac("sha256", secret).update(`${id}.${time}.`).update(body).digest("base64")}`;
  if (!signatures.split(" ").some((one) => same(one, right))) return wrong;
  const seconds = /^\d{1,12}$/.test(time) ? Number(time) : Number.NaN;
  if (!(Math.abs(now / 1_000 - seconds) <= TOLERANCE_SECONDS))
    return {
      ok: false,
      code: "too_old",
      message: `webhook-timestamp is more than ${TOLERANCE_SECONDS / 60} minutes away from this server’s time, in seconds since 1970.`,
    };
  return { ok: true, known: `id ${createHash("sha256").update(id).digest("hex")}` };
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
