import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readTicket, signTicket, type TicketClaim } from "./ticket.server";

beforeAll(() => {
  process.env.DATABASE_URL = "postgres://nowhere/none";
  process.env.KILN_SECRET_KEY = "only-for-tests-0123456789abcdefghij";
});

const id = "0193a1b2-0000-7000-8000-0123456789ab";
const claim: TicketClaim = {
  ...{ id, terminal: id, whose: { kind: "session", id }, worker: id, gateway: "127.0.0.1:4000" },
  ...{ credential: { kind: "token", id }, expiresAt: "2026-01-01T00:00:00.000Z" },
};

describe("a ticket", () => {
  it("says what was signed, and is fit for a header", () => {
    const ticket = signTicket(claim);
    expect(readTicket(ticket)).toEqual(claim);
    expect(ticket).toMatch(/^[\w-]+\.[\w-]+$/);
  });

  it("with any letter changed, left out or added isn't one", () => {
    const ticket = signTicket(claim);
    fc.assert(
      fc.property(fc.nat(ticket.length - 1), fc.constantFrom(..."Aa0_-.="), (at, letter) => {
        for (const other of [
          ticket.slice(0, at) + letter + ticket.slice(at + 1),
          ticket.slice(0, at) + letter + ticket.slice(at),
          ticket.slice(0, at) + ticket.slice(at + 1),
        ])
          expect(readTicket(other)).toEqual(other === ticket ? claim : null);
      }),
    );
  });

  it.each(["", ".", "a.b", "a.b.c", "a".repeat(100_000), signTicketOfNothing()])(
    "isn't nonsense: %#",
    (text) => {
      expect(readTicket(text)).toBeNull();
    },
  );
});

function signTicketOfNothing(): string {
  return `${Buffer.from("{}").toString("base64url")}.${Buffer.alloc(32).toString("base64url")}`;
}
