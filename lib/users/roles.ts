/** Who may do what. A role may do everything that the roles before it may. */
import { z } from "zod";
import { AppError } from "@/lib/errors";

export const roles = ["viewer", "operator", "admin"] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Does `role` include what `needed` may do? */
export function includesRole(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** Whoever asks: a signed-in person, a token, or Kiln itself. */
export interface Actor {
  kind: "user" | "token" | "system";
  id: string | null;
  name: string;
  role: Role;
}

export const systemActor: Actor = { kind: "system", id: null, name: "Kiln", role: "admin" };

/** @returns the user's id. @throws AppError 409 `no_person` for a token, which has no inbox. */
export function personOf({ kind, id, name }: Actor): string {
  if (kind !== "user" || id === null)
    throw new AppError(409, "no_person", `${name} is no person: an inbox is for somebody who signs in.`);
  return id;
}
