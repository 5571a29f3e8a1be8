/** next-auth with credentials. The signed cookie carries the id of a sign-in row and nothing that could grow stale. */
import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { env } from "@/lib/env.server";
import { AppError } from "@/lib/errors";
import { endSignIn, signIn } from "@/lib/users/sign-in.server";

declare module "next-auth" {
  interface Session {
    signInId: string;
  }
  interface User {
    signInId: string;
  }
}
declare module "next-auth/jwt" {
  interface JWT {
    signInId?: string;
  }
}

/** The first address is the client's; Next itself sets the header when no proxy does. */
const addressOf = (forwarded: unknown) =>
  (typeof forwarded === "string" ? (forwarded.split(",")[0]?.trim() ?? "") : "") || "unknown";

/**
 * With HTTPS its name makes the browser refuse it from any other host. next-auth's own name, with `__Secure-`, would let a page of
 * a neighbour, such as a preview under the same domain, put another sign-in or a broken one in its place.
 */
function cookies(): AuthOptions["cookies"] {
  if (!env().NEXTAUTH_URL?.startsWith("https://")) return {};
  const options = { httpOnly: true, sameSite: "lax", path: "/", secure: true };
  return { sessionToken: { name: "__Host-next-auth.session-token", options } };
}

export function authOptions(): AuthOptions {
  const secret = env().KILN_SECRET;
  if (!secret) throw new Error("KILN_SECRET is not set: it signs session cookies.");
  return {
    secret,
    session: { strategy: "jwt", maxAge: 30 * 86_400 },
    cookies: cookies(),
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [
      CredentialsProvider({
        credentials: { email: { type: "email" }, password: { type: "password" } },
        async authorize(credentials, request) {
          if (!credentials?.email || !credentials.password) return null;
          const userAgent: unknown = request.headers?.["user-agent"];
          try {
            return await signIn({
              email: credentials.email,
              password: credentials.password,
              address: addressOf(request.headers?.["x-forwarded-for"]),
              userAgent: typeof userAgent === "string" ? userAgent : "",
            });
          } catch (error) {
            // next-auth hands the message of an error on to the form as its code.
            if (error instanceof AppError) throw new Error(error.code);
            throw error;
          }
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sub: user.id, signInId: user.signInId } : token),
      session: ({ session, token }) => ({ expires: session.expires, signInId: token.signInId ?? "" }),
    },
    events: {
      async signOut({ token }) {
        if (token?.sub && token.signInId) await endSignIn(token.sub, token.signInId);
      },
    },
  };
}
