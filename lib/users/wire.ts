/** Users, tokens and sign-ins as the browser and the API see them. */
import { z } from "zod";
import { storable } from "@/lib/text";
import { roleSchema } from "./roles";

export const userSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  disabledAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type UserWire = z.infer<typeof userSchema>;

export const tokenSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type TokenWire = z.infer<typeof tokenSchema>;

const password = z.string().min(12, "Use at least 12 characters.").max(200, "Use at most 200 characters.");

export const createUserSchema = z.object({
  email: z
    .email("Enter an e-mail address.")
    .max(254)
    .transform((email) => email.toLowerCase()),
  name: storable(z.string().trim().min(1, "Enter a name.").max(80, "Use at most 80 characters.")),
  role: roleSchema,
  password,
});
export const createTokenSchema = z.object({
  name: storable(z.string().trim().min(1, "Give the token a name.").max(80, "Use at most 80 characters.")),
  role: roleSchema,
});
export const changePasswordSchema = z.object({
  current: z.string().min(1, "Enter your password."),
  next: password,
});
