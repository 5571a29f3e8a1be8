/** Who may do what. A role may do everything that the roles before it may. */
import { z } from "zod";

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
