/** What every server action goes through: who is it, may they, is the input valid, and errors as values. */
import type { z } from "zod";
import { AppError, type Result } from "@/lib/errors";
import { type Actor, includesRole, type Role } from "@/lib/users/roles";
import type { SignedIn } from "@/lib/users/sign-in.server";
import { failed, invalidInput } from "./problem.server";
import { currentUser, userActor } from "./session.server";

/** Next itself refuses actions from a foreign origin. */
export function action<S extends z.ZodType, T>(
  role: Role,
  schema: S,
  handler: (actor: Actor, input: z.output<S>, user: SignedIn) => Promise<T>,
): (input: z.input<S>) => Promise<Result<T>> {
  return async (input) => {
    try {
      const user = await currentUser();
      if (!user) throw new AppError(401, "unauthenticated", "You have been signed out. Sign in again.");
      if (!includesRole(user.role, role))
        throw new AppError(403, "forbidden", `This needs the role ${role}; you have the role ${user.role}.`);
      const parsed = schema.safeParse(input);
      if (!parsed.success) throw invalidInput(parsed.error);
      return { ok: true, value: await handler(userActor(user), parsed.data, user) };
    } catch (error) {
      return failed(error);
    }
  };
}
