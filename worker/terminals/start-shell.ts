/** Starts a terminal's shell in its session's container. */
import { readGiven } from "@/lib/sessions/environment.server";
import { readSessionPlan } from "@/lib/sessions/progress.server";
import { whySessionEnded } from "@/lib/terminals/may-stay.server";
import type { Size } from "@/lib/terminals/wire";
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
export async function startShell(engine: Engine, sessionId: string, size: Size): Promise<Shell> {
  const plan = await readSessionPlan(sessionId);
  if (plan?.status !== "running" || !plan.containerId)
    throw new EngineError("conflict", "The session isn't running.");
  const { containerId, spec } = plan;
  const { env } = await openEnvironment(await readGiven(sessionId));
  const process = await engine.openTerminal(containerId, {
    command: SHELL,
    user: spec.user,
    workdir: spec.workdir,
    env: { ...env, ...ENV },
    ...size,
  });
  return new Shell(sessionId, containerId, process, size, async () => {
    const gone = await whySessionEnded(sessionId, containerId);
    return gone && { ...gone, exitCode: null };
  });
}
