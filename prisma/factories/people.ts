/** Who acts in a test: actors for use cases, users and tokens that are real rows. */
import type { Credential } from "@/lib/terminals/ticket.server";
import { createToken } from "@/lib/users/create-token.server";
import { createUser } from "@/lib/users/manage.server";
import { type Actor, type Role, systemActor } from "@/lib/users/roles";
import type { UserWire } from "@/lib/users/wire";
import { nextNumber } from "./numbers";

/** An actor without a row: what use cases write down is its name. */
export const operator: Actor = { kind: "user", id: null, name: "Olga Operator", role: "operator" };
export const otherOperator: Actor = { kind: "user", id: null, name: "Otto Operator", role: "operator" };

export const password = "correct horse battery staple";

export function makeUser(role: Role = "operator", name = `User ${nextNumber()}`): Promise<UserWire> {
  const email = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".")}@kiln.test`;
  return createUser(systemActor, { email, name, role, password });
}

/** @returns the token itself. */
export async function makeToken(role: Role): Promise<string> {
  return (await createToken({ name: `${role} token`, role })).token;
}

/** Somebody who works with a token, and what they show for it. */
export async function makeTokenActor(
  role: Role = "operator",
): Promise<{ actor: Actor; credential: Credential }> {
  const { wire } = await createToken({ name: `a ${role}'s`, role });
  return {
    actor: { kind: "token", id: wire.id, name: wire.name, role },
    credential: { kind: "token", id: wire.id },
  };
}
