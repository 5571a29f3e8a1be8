/** Starts a terminal's shell in the container that it is for. */
import { readGiven } from "@/lib/sessions/environment.server";
import { readSessionPlan } from "@/lib/sessions/progress.server";
import { readKept } from "@/lib/snapshots/kept-record.server";
import { whyEnded } from "@/lib/terminals/may-stay.server";
import type { Size, Whose } from "@/lib/terminals/wire";
import { type Engine, EngineError } from "@/worker/containers/types";
import { openEnvironment } from "@/worker/sessions/environment";
import { Shell } from "./shell";

/** The best shell there is. Text is UTF-8 unless the session says otherwise. */
const SHELL = [
  "/bin/sh",
  "-c",
  `export LANG="\${LANG:-C.UTF-8}"; if command -v bash >/dev/null 2>&1; then exec bash; fi; exec /bin/sh`,
];

const ENV = { TERM: "xterm-256color", COLORTERM: "truecolor" };

/** @throws EngineError with a sentence for people when it can't be started. */
export async function startShell(engine: Engine, whose: Whose, size: Size): Promise<Shell> {
  const { containerId, spec, env } = await (whose.kind === "session"
    ? inSession(whose.id)
    : inKept(whose.id));
  const process = await engine.openTerminal(containerId, {
    command: SHELL,
    user: spec.user,
    workdir: spec.workdir,
    env: { ...env, ...ENV },
    ...size,
  });
  return new Shell(whose, containerId, process, size, async () => {
    const gone = await whyEnded(whose, containerId);
    return gone && { ...gone, exitCode: null };
  });
}

async function inSession(id: string) {
  const plan = await readSessionPlan(id);
  if (plan?.status !== "running" || !plan.containerId)
    throw new EngineError("conflict", "The session isn't running.");
  const { env } = await openEnvironment(await readGiven(id));
  return { containerId: plan.containerId, spec: plan.spec, env };
}

/** A build's secrets aren't given again: it has ended. */
async function inKept(id: string) {
  const kept = await readKept(id);
  if (!kept) throw new EngineError("conflict", "The failed step's container isn't kept any more.");
  return { ...kept, env: {} };
}
