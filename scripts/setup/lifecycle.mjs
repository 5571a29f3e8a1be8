/**
 * The end of a start: by a signal, by a failed step, or by a process that keeps dying. Everything that was started
 * is stopped, in an order in which nobody loses what it still needs.
 */
import { endCommands, killCommands } from "./commands.mjs";
import { countOtherEngineUsers } from "./engine-users.mjs";
import { endLeftovers } from "./instance.mjs";
import { expectDeaths } from "./services.mjs";
import { expectFailures, print } from "./steps.mjs";
import { sendSignal } from "./stop-process.mjs";

const order = ["web", "worker", "remains", "postgres", "dockerd"];
/** npm passes a Ctrl-C on that the terminal has sent already: the same key press arrives twice. */
const samePressMs = 1_000;

/**
 * @typedef {object} Stoppable
 * @property {string} name
 * @property {() => Promise<void>} stop
 * @typedef {ReturnType<typeof createLifecycle>} Lifecycle
 */

/**
 * Takes over the signals of this process.
 * @param {Awaited<ReturnType<typeof import("./instance.mjs").claimInstance>>} instance
 * @param {{ quiet?: boolean }} [options] quiet: for a command whose output is read by programs
 */
export function createLifecycle(instance, { quiet = false } = {}) {
  const tell = quiet ? () => undefined : print;
  /** @type {Stoppable[]} */
  const services = [];
  /** @type {Promise<void> | null} */
  let ending = null;

  const stopAll = async () => {
    expectFailures();
    expectDeaths();
    await endCommands();
    for (const name of order) {
      const service = services.find((known) => known.name === name);
      if (!service) continue;
      tell(`  · stopping ${name}`);
      await service.stop();
    }
    // What was still on its way up when the end came.
    const stays = new Set(services.map((service) => service.name));
    const { children, commands } = instance.runtime;
    await endLeftovers({ commands, children: children.filter((child) => !stays.has(child.name)) });
    instance.release();
  };

  /**
   * Stops everything and exits. Later calls wait for the same end.
   * @param {number} code
   * @param {string} [sentence]
   * @returns {Promise<void>}
   */
  const end = (code, sentence) => {
    if (sentence && !ending) process.stderr.write(`\n${sentence}\n`);
    ending ??= stopAll()
      .then(() => process.exit(code))
      .catch((error) => {
        process.stderr.write(`Not everything could be stopped: ${error.message}\n`);
        killAll();
      });
    return ending;
  };

  /** @returns {never} */
  const killAll = () => {
    killCommands();
    for (const { pid, name } of instance.runtime.children) {
      // An engine that is killed leaves its containers and mounts behind: it is asked, and not waited for.
      if (name !== "dockerd") sendSignal(-pid, "SIGKILL");
      else if (countOtherEngineUsers() === 0) sendSignal(pid, "SIGTERM");
    }
    instance.release();
    process.exit(130);
  };

  let firstAt = 0;
  for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      if (firstAt && performance.now() - firstAt > samePressMs) return killAll();
      if (firstAt) return;
      firstAt = performance.now();
      tell(`\nStopping (${signal}); once more kills everything at once.`);
      void end(0);
    });
  }
  watchParent(() => void end(0));
  const fail = (/** @type {unknown} */ error) =>
    void end(
      1,
      `Something unforeseen: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  // The terminal that went away must not keep the rest from being stopped.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);

  return {
    end,
    /** The same without the exit. */
    stop: () => (ending ??= stopAll()),
    isEnding: () => ending !== null,
    /** What every service is told at its start. */
    callbacks: {
      onStart: (/** @type {import("./instance.mjs").Child} */ child) => instance.addChild(child),
      onGiveUp: (/** @type {string} */ sentence) => void end(1, sentence),
    },
    /**
     * Hands a service over, to be stopped at the end; if that has begun already, then now.
     * @template {Stoppable | null} T
     * @param {T} service
     * @returns {Promise<T>}
     */
    async own(service) {
      if (!service) return service;
      if (ending !== null) await service.stop();
      else services.push(service);
      return service;
    },
  };
}

/**
 * npm that is killed outright passes nothing on, and what it ran would go on unseen.
 * @param {() => void} onGone
 */
function watchParent(onGone) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, 1_000);
  timer.unref();
}
