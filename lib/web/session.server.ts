/** Who is asking: read anew at each request, so that a changed role or a disabled user counts at once. */
import { notFound, redirect } from "next/navigation";
import { getServerSession } from "next-auth";
import { cache } from "react";
import { AppError } from "@/lib/errors";
import { readToken } from "@/lib/users/create-token.server";
import { type Actor, includesRole, type Role } from "@/lib/users/roles";
import { readSignIn, type SignedIn } from "@/lib/users/sign-in.server";
import { authOptions } from "./auth-options.server";

/** The signed-in person of this request, or null. */
export const currentUser = cache(async (): Promise<SignedIn | null> => {
  const session = await getServerSession(authOptions());
  return session?.signInId ? readSignIn(session.signInId) : null;
});

export function userActor(user: SignedIn): Actor {
  return { kind: "user", id: user.id, name: user.name, role: user.role };
}

/** For pages: sends strangers to the sign-in page; a role that isn't enough gets a 404, which tells nothing. */
export async function requireUser(role: Role = "viewer"): Promise<SignedIn> {
  const user = await currentUser();
  if (!user) redirect("/sign-in");
  if (!includesRole(user.role, role)) notFound();
  return user;
}

/** The row of what this request's actor has shown, for whoever has to ask again later. @throws AppError 401 when it has gone meanwhile */
export async function credentialRow(actor: Actor): Promise<{ kind: "sign_in" | "token"; id: string }> {
  if (actor.kind === "token" && actor.id !== null) return { kind: "token", id: actor.id };
  const user = await currentUser();
  if (!user) throw new AppError(401, "unauthenticated", "You have been signed out. Sign in again.");
  return { kind: "sign_in", id: user.signInId };
}

/** For route handlers: a bearer token, else the cookie. A token that is wrong isn't made up for by a cookie. */
export async function actorOf(request: Request): Promise<Actor | null> {
  return credentialOf(request).read();
}

/** What a request shows for who it is: a key that is the same for all that show the same, and how to read it again. */
export function credentialOf(request: Request): { key: string; read: () => Promise<Actor | null> } {
  const authorization = request.headers.get("authorization");
  if (authorization === null) return { key: request.headers.get("cookie") ?? "", read: cookieReader() };
  const [scheme = "", token = ""] = authorization.split(" ");
  return {
    key: authorization,
    read: async () => (scheme.toLowerCase() === "bearer" ? readToken(token.trim()) : null),
  };
}

/** What a sign-in is worth is read each time; which one it is, once: a stream asks when its request is long over. */
function cookieReader(): () => Promise<Actor | null> {
  let signInId: string | undefined;
  return async () => {
    signInId ??= (await getServerSession(authOptions()))?.signInId ?? "";
    const user = signInId === "" ? null : await readSignIn(signInId);
    return user ? userActor(user) : null;
  };
}
