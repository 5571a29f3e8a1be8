/** Answers what the web asks about a session's container, of the engine. */

import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { databaseTime } from "@/lib/db/clock.server";
import { log } from "@/lib/log.server";
import { QUESTION_HEADER, type Question, readQuestion } from "@/lib/sandboxes/question.server";
import { type ContainerBytes, LAST_LINES, type LogPiece } from "@/lib/sandboxes/wire";
import { readSessionPlan } from "@/lib/sessions/progress.server";
import { takeTicket } from "@/lib/terminals/store.server";
import { type Engine, EngineError, type OutputChunk } from "@/worker/containers/types";

/** Somebody else's look is good enough for so long. */
const DISK_MS = 15_000;
const MOST_FOLLOWED = 200;
const MOST_KNOWN = 1_000;

export class Answers {
  private readonly disks = new Map<string, { askedAt: number; answer: Promise<ContainerBytes> }>();
  private readonly followed = new Set<AbortController>();

  constructor(
    private readonly workerId: string,
    private readonly engine: Engine,
  ) {}

  /** @returns false when nothing is asked. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const text = request.headers[QUESTION_HEADER];
    if (typeof text !== "string") return false;
    this.answer(readQuestion(text), response).catch((error: unknown) => {
      log.warn({ err: error }, "a question about a session could not be answered");
      refuse(response, 503, error instanceof EngineError ? error.message : "");
    });
    return true;
  }

  close(): void {
    for (const controller of this.followed) controller.abort();
  }

  private async answer(question: Question | null, response: ServerResponse): Promise<void> {
    if (question?.worker !== this.workerId || !(await takeTicket(question.id, question.expiresAt)))
      return refuse(response, 403, "");
    const plan = await readSessionPlan(question.session);
    if (plan?.status !== "running" || plan.containerId === null)
      return refuse(response, 409, "The session doesn’t run.");
    if (question.about === "log") return this.sendLog(plan.containerId, response);
    const answer = await this.diskOf(plan.containerId);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }

  /** One look for all who want to know it at the same time. */
  private diskOf(container: string): Promise<ContainerBytes> {
    const now = performance.now();
    const found = this.disks.get(container);
    if (found && now - found.askedAt < DISK_MS) return found.answer;
    const answer = this.engine
      .containerDisk(container)
      .then(({ ownBytes }) => ({ at: databaseTime().toISOString(), bytes: ownBytes }));
    this.disks.delete(container);
    this.disks.set(container, { askedAt: now, answer });
    answer.catch(() => this.disks.delete(container));
    for (const oldest of this.disks.keys()) {
      if (this.disks.size <= MOST_KNOWN) break;
      this.disks.delete(oldest);
    }
    return answer;
  }

  private async sendLog(container: string, response: ServerResponse): Promise<void> {
    // Whoever asked has left already, and won't leave again.
    if (response.closed) return;
    if (this.followed.size >= MOST_FOLLOWED)
      return refuse(response, 503, "The session’s worker follows as many logs as it can. Try again later.");
    const controller = new AbortController();
    this.followed.add(controller);
    const { signal } = controller;
    response.once("close", () => controller.abort());
    try {
      // What the engine refuses can be told until then.
      const whenOpen = () =>
        response.writeHead(200, { "content-type": "application/x-ndjson" }).flushHeaders();
      const output = this.engine.followOutput(container, signal, { lastLines: LAST_LINES, whenOpen });
      // The container doesn't wait for the reader: the engine's copy does.
      for await (const piece of asPieces(output))
        if (!response.write(`${JSON.stringify(piece)}\n`)) await once(response, "drain", { signal });
      response.end();
    } catch (error) {
      if (!signal.aborted) throw error;
      response.destroy();
    } finally {
      this.followed.delete(controller);
    }
  }
}

async function* asPieces(output: AsyncIterable<OutputChunk>): AsyncGenerator<LogPiece, void, void> {
  // A letter may be cut in two.
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  for await (const { stream, data } of output) {
    const text = decoders[stream].decode(data, { stream: true });
    if (text !== "") yield { type: "text", stream, text };
  }
  yield { type: "end", message: "The container has ended, and its log with it." };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(message);
}
