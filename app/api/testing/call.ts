/** Calls route handlers as a client with a token does: a real `Request` in, a real `Response` out, no server between. */
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { z } from "zod";

export type Handler<P> = (request: Request, context: { params: Promise<P> }) => Promise<Response>;

export interface Call<P> {
  token?: string;
  method?: string;
  /** Path and query. */
  path?: string;
  params?: P;
  /** Sent as JSON; a text or bytes as they are. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const asBody = (body: unknown): string | Uint8Array<ArrayBuffer> =>
  typeof body === "string" ? body : body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);

export function call<P>(
  handler: Handler<P>,
  { token, method, path = "/", params, body, headers, signal }: Call<P> = {},
): Promise<Response> {
  const request = new Request(new URL(path, "http://kiln.test/api/v1/"), {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body: asBody(body) }),
    ...(signal ? { signal } : {}),
  });
  return handler(request, { params: Promise.resolve(params ?? ({} as P)) });
}

/** The body, which must have the status and the shape. @throws Error that shows what came instead. */
export async function answerOf<S extends z.ZodType>(
  response: Response,
  status: number,
  schema: S,
): Promise<z.output<S>> {
  const text = await response.text();
  if (response.status !== status) throw new Error(`Expected ${status}, got ${response.status}: ${text}`);
  return schema.parse(JSON.parse(text));
}

const problemSchema = z.looseObject({
  type: z.literal("about:blank"),
  title: z.string().min(1),
  status: z.number().int(),
  code: z.string().regex(/^[a-z_]+$/),
  detail: z.string().min(1),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** An RFC 9457 problem, checked. */
export async function problemOf(response: Response): Promise<z.output<typeof problemSchema>> {
  const problem = problemSchema.parse(await response.json());
  if (response.headers.get("content-type") !== "application/problem+json")
    throw new Error("The problem has no content type of its own.");
  if (problem.status !== response.status)
    throw new Error(`The problem says ${problem.status}, the response ${response.status}.`);
  return problem;
}

/** Status and code of a problem: what most tests are about. */
export async function refusalOf(response: Response): Promise<[number, string]> {
  const { status, code } = await problemOf(response);
  return [status, code];
}

/** The events of a stream, as they come. Ends with the stream. */
export async function* eventsOf(response: Response): AsyncGenerator<EventSourceMessage, void, void> {
  const queue: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => queue.push(event) });
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* queue.splice(0);
  }
}
