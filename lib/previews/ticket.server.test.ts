import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readTicket, signTicket } from "@/lib/terminals/ticket.server";
import { type PreviewPass, readPass, readPreviewTicket, signPass, signPreviewTicket } from "./ticket.server";

beforeAll(() => {
  process.env.DATABASE_URL = "postgres://nowhere/none";
  process.env.KILN_SECRET_KEY = "only-for-tests-0123456789abcdefghij";
});

const session = "0193a1b2-0000-7000-8000-0123456789ab";
const name = { session, port: 8080 };
const credential = { kind: "sign_in" as const, id: session };
const pass: PreviewPass = { ...name, credential, secure: false, expiresAt: "2030-01-01T00:00:00.000Z" };
const now = Date.parse("2029-12-31T23:59:59.000Z");
const shown = (...values: string[]) => values.map((value) => `kiln-preview=${value}`).join("; ");

describe("a pass", () => {
  it("is good for its own port and session, until it is too old", () => {
    const cookie = shown(signPass(pass));
    expect(readPass(cookie, name, now)).toEqual(pass);
    expect(readPass(cookie, { ...name, port: 8081 }, now)).toBeNull();
    expect(readPass(cookie, { ...name, session: "0193a1b2-0000-7000-8000-0123456789ac" }, now)).toBeNull();
    expect(readPass(cookie, name, now + 1_000)).toBeNull();
    expect(readPass(undefined, name, now)).toBeNull();
  });

  it("is found beside those that aren't for here", () => {
    expect(readPass(shown("nonsense", signPass({ ...pass, port: 1 }), signPass(pass)), name, now)).toEqual(
      pass,
    );
  });

  it("isn't a ticket, nor a terminal's, nor the other way round", () => {
    const ticket = { id: session, ...name, credential, secure: false, path: "/", expiresAt: pass.expiresAt };
    expect(readPreviewTicket(signPreviewTicket(ticket), name)).toEqual(ticket);
    expect(readPreviewTicket(signPreviewTicket(ticket), { ...name, port: 1 })).toBeNull();
    expect(readPreviewTicket(signPass(pass), name)).toBeNull();
    expect(readPass(shown(signPreviewTicket(ticket)), name, now)).toBeNull();
    const terminal = {
      ...{ ...ticket, terminal: session, worker: session, gateway: "127.0.0.1:1" },
      whose: { kind: "session" as const, id: session },
    };
    expect(readPreviewTicket(signTicket(terminal), name)).toBeNull();
    expect(readTicket(signPreviewTicket(ticket))).toBeNull();
  });

  it("with any letter changed, left out or added isn't one", () => {
    const value = signPass(pass);
    fc.assert(
      fc.property(fc.nat(value.length - 1), fc.constantFrom(..."Aa0_-."), (at, letter) => {
        for (const changed of [
          value.slice(0, at) + letter + value.slice(at + 1),
          value.slice(0, at) + letter + value.slice(at),
          value.slice(0, at) + value.slice(at + 1),
        ])
          expect(readPass(shown(changed), name, now)).toEqual(changed === value ? pass : null);
      }),
    );
  });
});
