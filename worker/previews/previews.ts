/** Serves previews of sessions' ports: a pass lets a browser in, and what the session serves goes back to it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { log } from "@/lib/log.server";
import { forward, forwardUpgrade, NotForwarded, type Way } from "@/lib/previews/forward.server";
import { isFromOwnPages, toBrowser, toProgram } from "@/lib/previews/headers";
import { type PreviewName, parseHost } from "@/lib/previews/name";
import { answerOwn, refuseUpgrade } from "@/lib/previews/own-answer.server";
import type { PageCode } from "@/lib/previews/pages";
import { notePreviewed } from "@/lib/previews/store.server";
import { type PreviewPass, readPass } from "@/lib/previews/ticket.server";
import { OWN_PATH } from "@/lib/previews/wire";
import type { Engine } from "@/worker/containers/types";
import { enter } from "./enter";
import { Exchanges } from "./exchanges";
import { Gate } from "./gate";
import { NotReached, type Seat, Target } from "./target";

const ANSWER_MS = 120_000;
const NOTE_MS = 60_000;

/** Why nothing is shown. */
interface Refusal {
  code: PageCode;
  detail?: string;
}

export class Previews {
  private readonly gate = new Gate();
  private readonly exchanges = new Exchanges(this.gate);
  private readonly targets = new Map<string, Target>();
  private readonly noted = new Map<string, number>();

  constructor(private readonly engine: Engine) {}

  /** @returns false when it is no preview's request. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const named = parseHost(request.headers.host);
    if (!named) return false;
    this.serve(request, response, named.name).catch((error: unknown) => {
      log.warn({ err: error, sessionId: named.name.session }, "a preview could not be served");
      answerOwn(request, response, "no_worker");
    });
    return true;
  }

  /** The same for a WebSocket. */
  takeUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const named = parseHost(request.headers.host);
    if (!named) return false;
    // What breaks it off is heard by whoever reads or writes; without a listener it would end the process.
    socket.on("error", (error) => log.debug({ err: error }, "a preview's browser has gone"));
    this.serveUpgrade(request, socket, head, named.name).catch((error: unknown) => {
      log.warn({ err: error, sessionId: named.name.session }, "a preview could not be served");
      refuseUpgrade(socket, "no_worker");
    });
    return true;
  }

  /** Asks again who may look. @param session only of this one, which has changed */
  async check(session: string | null = null): Promise<void> {
    this.gate.forget(session);
    await this.exchanges.check(session);
    if (session !== null) return;
    const now = performance.now();
    for (const [key, target] of this.targets) if (target.isForgotten) this.drop(key, target);
    for (const [id, at] of this.noted) if (now - at > NOTE_MS) this.noted.delete(id);
  }

  close(): void {
    this.exchanges.endAll();
    for (const [key, target] of this.targets) this.drop(key, target);
  }

  private async serve(request: IncomingMessage, response: ServerResponse, name: PreviewName): Promise<void> {
    if ((request.url ?? "").startsWith(OWN_PATH)) return enter(request, response, name, this.gate);
    const admitted = await this.admit(request, name);
    if ("code" in admitted) return answerOwn(request, response, admitted.code, admitted.detail);
    const done = this.exchanges.begin(admitted.pass, admitted.seat.containerId, () => response.destroy());
    if (!done) return answerOwn(request, response, "too_many");
    this.note(name.session);
    try {
      await forward(request, response, this.wayTo(request, name, admitted.seat));
    } catch (error) {
      const { code, detail } = refusalOf(error);
      answerOwn(request, response, code, detail);
    } finally {
      done();
    }
  }

  private async serveUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    name: PreviewName,
  ): Promise<void> {
    if ((request.headers.upgrade ?? "").toLowerCase() !== "websocket")
      return refuseUpgrade(socket, "broken_answer", "Of other protocols only WebSockets are taken.");
    const admitted = await this.admit(request, name);
    if ("code" in admitted) return refuseUpgrade(socket, admitted.code, admitted.detail);
    const done = this.exchanges.begin(admitted.pass, admitted.seat.containerId, () => socket.destroy());
    if (!done) return refuseUpgrade(socket, "too_many");
    this.note(name.session);
    const onData = () => this.note(name.session);
    try {
      await forwardUpgrade(request, socket, head, { ...this.wayTo(request, name, admitted.seat), onData });
    } catch (error) {
      const { code, detail } = refusalOf(error);
      refuseUpgrade(socket, code, detail);
    } finally {
      done();
    }
  }

  private async admit(
    { headers, headersDistinct }: IncomingMessage,
    name: PreviewName,
  ): Promise<{ pass: PreviewPass; seat: Seat } | Refusal> {
    const pass = readPass(headers.cookie, name);
    if (!pass) return { code: "not_signed_in" };
    if (!isFromOwnPages(headersDistinct)) return { code: "foreign_page" };
    const verdict = await this.gate.ask(pass);
    if ("seat" in verdict) return { pass, seat: verdict.seat };
    return { code: verdict.refused.code, detail: verdict.refused.message };
  }

  private wayTo({ headersDistinct }: IncomingMessage, { session, port }: PreviewName, seat: Seat): Way {
    const key = `${session}:${port}`;
    let target = this.targets.get(key);
    // Its container was replaced.
    if (target && target.seat.containerId !== seat.containerId) this.drop(key, target);
    if (target?.seat.containerId !== seat.containerId) target = new Target(this.engine, seat, port);
    this.targets.set(key, target);
    return {
      to: { createConnection: target.connect },
      agent: target.agent,
      headers: toProgram(headersDistinct),
      answerHeaders: (given) => toBrowser(given, port),
      answerMs: ANSWER_MS,
    };
  }

  private drop(key: string, target: Target): void {
    target.close();
    this.targets.delete(key);
  }

  /** It is used, which is use of its session. */
  private note(session: string): void {
    const now = performance.now();
    if (now - (this.noted.get(session) ?? Number.NEGATIVE_INFINITY) < NOTE_MS) return;
    this.noted.set(session, now);
    notePreviewed(session).catch((error: unknown) =>
      log.warn({ err: error, sessionId: session }, "that a preview is used could not be noted"),
    );
  }
}

/** @throws what isn't about the session's program */
function refusalOf(error: unknown): Refusal {
  if (!(error instanceof NotForwarded)) throw error;
  if (error.cause instanceof NotReached) return { code: error.cause.code, detail: error.cause.detail };
  if (error.reason === "no_answer") return { code: "no_answer" };
  log.debug({ err: error }, "a preview's program gave no answer");
  return { code: "broken_answer" };
}
