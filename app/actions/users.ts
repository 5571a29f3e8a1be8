"use server";

import { z } from "zod";
import { createToken, revokeToken } from "@/lib/users/create-token.server";
import {
  createUser as create,
  setUserDisabled as setDisabled,
  setUserRole as setRole,
} from "@/lib/users/manage.server";
import { roleSchema } from "@/lib/users/roles";
import { changePassword as change, endSignIn } from "@/lib/users/sign-in.server";
import { changePasswordSchema, createTokenSchema, createUserSchema } from "@/lib/users/wire";
import { action } from "@/lib/web/action.server";

const id = z.uuid();

export const createUser = action("admin", createUserSchema, create);

export const setUserRole = action("admin", z.strictObject({ id, role: roleSchema }), (actor, input) =>
  setRole(actor, input.id, input.role),
);

export const setUserDisabled = action(
  "admin",
  z.strictObject({ id, disabled: z.boolean() }),
  (actor, input) => setDisabled(actor, input.id, input.disabled),
);

/** The token is in the answer once and can't be shown again. */
export const createApiToken = action("admin", createTokenSchema, (actor, input) => createToken(input, actor));

export const revokeApiToken = action("admin", z.strictObject({ id }), async (actor, input) => {
  await revokeToken(actor, input.id);
  return null;
});

export const changePassword = action("viewer", changePasswordSchema, async (_actor, input, user) => {
  await change(user, input);
  return null;
});

/** Ends one of the person's own sign-ins. */
export const revokeSignIn = action("viewer", z.strictObject({ id }), async (_actor, input, user) => {
  await endSignIn(user.id, input.id);
  return null;
});
