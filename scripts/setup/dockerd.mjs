/** dockerd run by hand, on a machine without a service manager: also where an earlier one was killed. */
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { askEngine, pingEngine } from "./docker-api.mjs";
import { countOtherEngineUsers } from "./engine-users.mjs";
import { beganAt, identify } from "./identity.mjs";
import { logFile } from "./paths.mjs";
import { Refusal } from "./refusal.mjs";
import { startService } from "./services.mjs";
import { print } from "./steps.mjs";
import { stopProcess } from "./stop-process.mjs";
import { waitFor } from "./wait.mjs";

const runFolder = "/var/run";

/**
 * Starts it and returns once it answers.
 * @param {{ dockerHost: string, onStart?: (child: import("./instance.mjs").Child) => void, onGiveUp?: (sentence: string) => void }} options
 * @returns {Promise<import("./services.mjs").Service>}
 */
export async function startDockerd({ dockerHost, onStart, onGiveUp }) {
  const log = logFile("dockerd");
  const service = await startService({
    name: "dockerd",
    log,
    graceMs: 30_000,
    quiet: true,
    onStart,
    onGiveUp,
    async launch() {
      await endUnansweringDaemon();
      for (const file of ["docker.pid", "docker/containerd/containerd.pid"]) removeStalePidFile(file);
      return { command: "dockerd", args: [], cwd: "/" };
    },
  });
  const answers = async () => (await pingEngine(dockerHost)) === "up";
  if (await waitFor(answers, { deadlineMs: 60_000, everyMs: 200 })) return withCare(service, dockerHost);
  await service.stop();
  const tail = readFileSync(log, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  throw new Refusal(`dockerd was started but does not answer; its log ${log} ends with\n${tail}`);
}

/**
 * What this process started it also stops, unless someone else's containers have come to depend on it.
 * @param {import("./services.mjs").Service} service
 * @param {string} dockerHost
 * @returns {import("./services.mjs").Service}
 */
function withCare(service, dockerHost) {
  return {
    ...service,
    async stop() {
      const users = countOtherEngineUsers();
      const containers = users > 0 ? 0 : await countForeignContainers(dockerHost);
      if (users + containers === 0) return service.stop();
      service.forget();
      const who =
        users > 0 ? "another Kiln uses it" : `${containers} of its running containers are not Kiln's`;
      print(`  · The container engine stays: ${who}.`);
    },
  };
}

/** @param {string} dockerHost */
async function countForeignContainers(dockerHost) {
  try {
    const { status, body } = await askEngine(dockerHost, "/containers/json", { deadlineMs: 10_000 });
    if (status !== 200) return 0;
    /** @type {{ Labels?: Record<string, string> }[]} */
    const running = JSON.parse(body);
    return running.filter(({ Labels = {} }) => !Object.keys(Labels).some((name) => isOurs(name))).length;
  } catch {
    return 0; // An engine that doesn't answer serves nobody.
  }
}

/** @param {string} label */
const isOurs = (label) => label === "kiln" || label.startsWith("kiln.");

/** @param {string} file @returns {number} 0 when there is none */
function readPid(file) {
  try {
    return Number(readFileSync(path.join(runFolder, file), "utf8").trim()) || 0;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return 0;
    throw error;
  }
}

/** @param {number} pid */
function commandName(pid) {
  return beganAt(pid) ? readFileSync(`/proc/${pid}/comm`, "utf8").trim() : "";
}

/** A daemon that is there but doesn't answer would keep the new one from starting. */
async function endUnansweringDaemon() {
  const pid = readPid("docker.pid");
  if (pid && commandName(pid) === "dockerd") await stopProcess(identify(pid), { graceMs: 15_000 });
}

/**
 * After a power loss the number in a pid file may be any process's: dockerd would refuse to start because of it, or
 * wait for a containerd that isn't one.
 * @param {string} file
 */
function removeStalePidFile(file) {
  const pid = readPid(file);
  const name = path.basename(file, ".pid");
  const expected = name === "docker" ? "dockerd" : name;
  if (pid && commandName(pid) !== expected) rmSync(path.join(runFolder, file), { force: true });
}
