import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signatureHeaders } from "@/worker/notify/sign";
import { verify } from "./signature";

const key = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const now = 1_800_000_000_000;
const seconds = now / 1000;
const body = Buffer.from('{"ref":"refs/heads/main"}');

const signed = (at = seconds, id = "msg_1", text = body, with_ = key) =>
  new Headers(signatureHeaders(with_, id, at, text.toString()));
const github = (text = body, with_ = key) =>
  new Headers({
    "x-hub-signature-256": `sha256=${createHmac("sha256", with_).update(text).digest("hex")}`,
  });

describe("a message", () => {
  it("that is signed either way is taken, and known again by what is signed", () => {
    const first = verify(key, signed(), body, now);
    expect(first).toMatchObject({ ok: true });
    expect(verify(key, signed(seconds + 1), body, now)).toEqual(first);
    expect(verify(key, signed(seconds, "msg_2"), body, now)).not.toEqual(first);
    const pushed = verify(key, github(), body, now);
    expect(pushed).toMatchObject({ ok: true });
    // Its id isn't signed, so another one makes no other message of it.
    const renamed = github();
    renamed.set("x-github-delivery", "another");
    expect(verify(key, renamed, body, now)).toEqual(pushed);
  });

  it("may carry several signatures, of which one is right", () => {
    const headers = signed();
    headers.set("webhook-signature", `v1,AAAA v1a,BBBB ${headers.get("webhook-signature")}`);
    expect(verify(key, headers, body, now)).toMatchObject({ ok: true });
  });

  it.each<[string, Headers, Buffer, string]>([
    ["without a signature", new Headers(), body, "unsigned"],
    ["with half of the headers", new Headers({ "webhook-id": "x" }), body, "unsigned"],
    ["of another key", signed(seconds, "msg_1", body, `whsec_${"AAAA".repeat(8)}`), body, "wrong_signature"],
    ["with another body", signed(), Buffer.from("{}"), "wrong_signature"],
    ["of GitHub's kind with another body", github(), Buffer.from("{}"), "wrong_signature"],
    ["of GitHub's kind with another key", github(body, "other"), body, "wrong_signature"],
    ["that is old", signed(seconds - 301), body, "too_old"],
    ["from later on", signed(seconds + 301), body, "too_old"],
  ])("%s isn't taken", (_, headers, text, code) => {
    expect(verify(key, headers, text, now)).toMatchObject({ ok: false, code });
  });

  it("whose time was changed isn't taken, nor one that is anything at all", () => {
    const headers = signed();
    headers.set("webhook-timestamp", String(seconds + 1));
    expect(verify(key, headers, body, now)).toMatchObject({ ok: false, code: "wrong_signature" });
    const anything = fc.record({
      id: fc.string(),
      time: fc.oneof(fc.string(), fc.integer().map(String)),
      signatures: fc.string(),
    });
    fc.assert(
      fc.property(anything, ({ id, time, signatures }) => {
        const given = new Map([
          ["webhook-id", id],
          ["webhook-timestamp", time],
          ["webhook-signature", signatures],
        ]);
        const verdict = verify(key, { get: (name) => given.get(name) ?? null }, body, now);
        expect(verdict.ok).toBe(false);
      }),
    );
  });
});
