/**
 * What dockerode and Node throw, as `EngineError`. The code comes from the HTTP status or the system's error
 * code, never from the text: the engine's sentences change with its version.
 */
import { z } from "zod";
import { EngineError, type EngineErrorCode } from "../types";

const answered = z.object({
  statusCode: z.number(),
  message: z.string(),
  json: z.object({ message: z.string() }).optional().catch(undefined),
});

const unreached = z.object({ code: z.string(), message: z.string() });

/** Proxies in front of an engine answer these when nothing is behind them. */
const GATEWAY_STATUSES = new Set([502, 503, 504]);

function codeOfStatus(status: number): EngineErrorCode {
  if (status === 404) return "not_found";
  if (status === 409) return "conflict";
  return GATEWAY_STATUSES.has(status) ? "unavailable" : "failed";
}

/**
 * Refused, reset, no such socket, no permission, not HTTP, no trust. Not Node's other ERR_ codes: these are
 * for wrong arguments, which would be our fault.
 */
const NO_ANSWER =
  /^(?:E(?!RR_)[A-Z0-9_]+|HPE_\w+|ERR_STREAM_PREMATURE_CLOSE|ERR_(?:SSL|TLS)_\w+|UNABLE_\w+|\w*CERT\w*)$/;

/** By TLS's own numbers: a bad, unsupported, revoked, expired, unknown or missing certificate, its authority, no access. */
const CLIENT_REFUSED = new Set([42, 43, 44, 45, 46, 48, 49, 116]);
const ENGINE_UNTRUSTED = /^(?!ERR_SSL_)(?:UNABLE_\w+|\w*CERT\w*)$/;

function unreachedSentence({ code, message }: z.infer<typeof unreached>): string {
  // OpenSSL writes "…:tlsv1 alert unknown ca:../deps/….c:918:SSL alert number 48", whatever Node's code is.
  const [, alert = "", number] = /:([^:]+):[^:]*:\d+:SSL alert number (\d+)/.exec(message) ?? [];
  if (CLIENT_REFUSED.has(Number(number)))
    return `The container engine refused this worker's certificate: ${alert}. Its authority has to be one that the engine trusts: look at cert.pem and key.pem in DOCKER_CERT_PATH.`;
  if (ENGINE_UNTRUSTED.test(code))
    return `The container engine's certificate isn't trusted: ${message.replace(/\.$/, "")}. Look at ca.pem in DOCKER_CERT_PATH, and whether it is for the name in DOCKER_HOST.`;
  return `The container engine can't be reached: ${message}.`;
}

/** docker-modem writes "(HTTP code 404) no such container - <the engine's sentence> ". */
function sentenceOf(failure: z.infer<typeof answered>): string {
  const sentence = failure.json?.message ?? failure.message.replace(/^\(HTTP code \d+\) .*? - /, "");
  return sentence.trim() || `The engine answered ${failure.statusCode}.`;
}

/**
 * Anything that was thrown while talking to the engine, as an `EngineError`. A fault without an HTTP status
 * and without a system code is ours and is given back as it is.
 */
export function toEngineError(error: unknown): unknown {
  if (error instanceof EngineError) return error;
  const http = answered.safeParse(error);
  if (http.success)
    return new EngineError(codeOfStatus(http.data.statusCode), sentenceOf(http.data), { cause: error });
  const system = unreached.safeParse(error);
  if (system.success && NO_ANSWER.test(system.data.code))
    return new EngineError("unavailable", unreachedSentence(system.data), { cause: error });
  return error;
}

/** Is it this kind of `EngineError`? */
export function isEngineError(error: unknown, ...codes: EngineErrorCode[]): error is EngineError {
  return error instanceof EngineError && codes.includes(error.code);
}

/** The HTTP status behind an `EngineError`, where there was one. */
export function statusOf(error: EngineError): number | undefined {
  const cause = answered.safeParse(error.cause);
  return cause.success ? cause.data.statusCode : undefined;
}
