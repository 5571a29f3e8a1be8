/** Who may see a preview now: asked of the rows, and believed for as long as a terminal's is. */
import type { PreviewPass } from "@/lib/previews/ticket.server";
import { readSessionPlan } from "@/lib/sessions/progress.server";
import { type Refused, whyNotStay } from "@/lib/terminals/may-stay.server";
import type { Seat } from "./target";

/** Until it is asked again. */
const CHECK_MS = 15_000;
const MOST_KNOWN = 2_000;

export type Verdict = { seat: Seat } | { refused: Refused };
type Who = Pick<PreviewPass, "session" | "credential">;

interface Known {
  session: string;
  askedAt: number;
  verdict: Promise<Verdict>;
}

export class Gate {
  private readonly known = new Map<string, Known>();

  ask(who: Who): Promise<Verdict> {
    const { session, credential } = who;
    const key = `${session} ${credential.kind} ${credential.id}`;
    const found = this.known.get(key);
    const now = performance.now();
    if (found && now - found.askedAt < CHECK_MS) return found.verdict;
    const verdict = judge(who);
    const asked: Known = { session, askedAt: now, verdict };
    this.known.delete(key);
    this.known.set(key, asked);
    // What couldn't be asked isn't an answer for the next one.
    verdict.catch(() => this.known.get(key) === asked && this.known.delete(key));
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MOST_KNOWN) break;
      this.known.delete(oldest);
    }
    return verdict;
  }

  /** Whatever is known of the session, or of any, is asked for anew. */
  forget(session: string | null): void {
    for (const [key, known] of this.known)
      if (session === null || known.session === session) this.known.delete(key);
  }
}

async function judge({ session, credential }: Who): Promise<Verdict> {
  const refused = await whyNotStay({ kind: "session", id: session }, null, credential, "A preview");
  if (refused) return { refused };
  const plan = await readSessionPlan(session);
  if (plan?.status !== "running" || plan.containerId === null)
    return { refused: { code: "session_ended", message: "The session doesn’t run." } };
  const { user, workdir } = plan.spec;
  return { seat: { containerId: plan.containerId, user, workdir } };
}
