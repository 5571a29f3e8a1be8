/**
 * What every route handler of the API goes through: who is it, may they, is the input valid, and one shape
 * of error. A handler that doesn't go through here is found by a test.
 */
import type { z } from "zod";
import { AppError } from "@/lib/errors";
import { type Actor, includesRole, type Role } from "@/lib/users/roles";
import { invalidInput, problem } from "./problem.server";
import { readBody } from "./read-body.server";
import { actorOf } from "./session.server";

interface Context<P, B, Q> {
  request: Request;
  actor: Actor;
  params: P;
  body: B;
  query: Q;
}

interface Options<B extends z.ZodType, Q extends z.ZodType> {
  role: Role;
  /** An empty body counts as `{}`. */
  body?: B;
  query?: Q;
}

type RouteHandler<P> = (request: Request, context: { params: Promise<P> }) => Promise<Response>;

/**
 * @param handler answers a value, sent as JSON with 200, or a `Response` of its own.
 */
export function route<
  P = Record<string, never>,
  B extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
>(
  options: Options<B, Q>,
  handler: (context: Context<P, z.output<B>, z.output<Q>>) => Promise<unknown>,
): RouteHandler<P> {
  return async (request, context) => {
    try {
      refuseForeignOrigin(request);
      const actor = await actorOf(request);
      if (!actor)
        throw new AppError(401, "unauthenticated", "Sign in, or send a token as “Authorization: Bearer …”.");
      if (!includesRole(actor.role, options.role))
        throw new AppError(
          403,
          "forbidden",
          `This needs the role ${options.role}; ${actor.name} has the role ${actor.role}.`,
        );
      const query = parse(options.query, Object.fromEntries(new URL(request.url).searchParams));
      const body = parse(options.body, options.body ? await readJson(request) : undefined);
      const answer = await handler({ request, actor, params: await context.params, body, query });
      return answer instanceof Response
        ? answer
        : Response.json(answer, { headers: { "cache-control": "no-store" } });
    } catch (error) {
      return problem(error);
    }
  };
}

function parse<S extends z.ZodType>(schema: S | undefined, value: unknown): z.output<S> {
  if (!schema) return undefined as z.output<S>;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}

/** A browser names the page that a changing request comes from; with a cookie, only our own may. */
function refuseForeignOrigin(request: Request): void {
  if (request.method === "GET" || request.method === "HEAD" || request.headers.has("authorization")) return;
  const origin = request.headers.get("origin");
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host");
  if (!origin || !URL.canParse(origin) || new URL(origin).host !== host)
    throw request.headers.has("cookie")
      ? new AppError(
          403,
          "foreign_origin",
          "A changing request with a cookie must come from Kiln's own pages. Use a token.",
        )
      : new AppError(401, "unauthenticated", "Sign in, or send a token as “Authorization: Bearer …”.");
}

async function readJson(request: Request): Promise<unknown> {
  const body = await readBody(request);
  if (body.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new AppError(
      400,
      "invalid_json",
      `The body isn't JSON in UTF-8: ${error instanceof Error ? error.message : "unreadable"}.`,
    );
  }
}
