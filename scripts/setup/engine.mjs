/** The container engine: the one that the user names, else one that answers, else one that is installed here. */
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { canInstallPackages, installPackages, isPackageKnown } from "./apt.mjs";
import { CommandFailed, run } from "./commands.mjs";
import { pingEngine } from "./docker-api.mjs";
import { startDockerd } from "./dockerd.mjs";
import { announceEngineUse } from "./engine-users.mjs";
import { Refusal } from "./refusal.mjs";
import { waitFor } from "./wait.mjs";

const defaultHost = "unix:///var/run/docker.sock";

/**
 * @typedef {object} EngineOptions
 * @property {(what: string) => void} say
 * @property {(child: import("./instance.mjs").Child) => void} [onStart]
 * @property {(sentence: string) => void} [onGiveUp]
 * @typedef {{ dockerHost: string, service: import("./services.mjs").Service | null }} Engine
 */

/**
 * Finds an engine that answers, and starts one where it may.
 * @param {EngineOptions} options
 * @returns {Promise<Engine>}
 * @throws {Refusal} that says what to do
 */
export async function provideEngine(options) {
  announceEngineUse();
  const named = process.env.DOCKER_HOST;
  if (named) {
    if ((await waitFor(async () => (await pingEngine(named)) === "up", { deadlineMs: 5_000 })) !== null) {
      return { dockerHost: named, service: null };
    }
    throw new Refusal(
      `No container engine answers at DOCKER_HOST=${named}: start it or correct the address.`,
    );
  }
  const found = await findEngine();
  if (found) return { dockerHost: found, service: null };
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new Refusal("No container engine answers: start Docker, or set DOCKER_HOST to one, and try again.");
  }
  await installEngine(options.say);
  return { dockerHost: defaultHost, service: await startEngine(options) };
}

/** @param {(what: string) => void} say */
async function installEngine(say) {
  if (existsSync("/usr/sbin/dockerd") || existsSync("/usr/bin/dockerd")) return;
  if (!canInstallPackages()) {
    throw new Refusal(
      "No container engine is installed, and there is no apt-get to install one with: install Docker.",
    );
  }
  say("installing the container engine (Debian package docker.io)");
  try {
    await installPackages(["docker.io"]);
    // Newer releases keep the command line in a package of its own; Kiln doesn't need it, but its user will.
    if (!existsSync("/usr/bin/docker") && (await isPackageKnown("docker-cli")))
      await installPackages(["docker-cli"]);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Refusal(
      `The container engine could not be installed (apt-get install docker.io): install Docker, or set DOCKER_HOST.\n${error.tail}`,
    );
  }
}

/**
 * A machine with a service manager gets its engine from that, and keeps it; elsewhere dockerd is run by hand.
 * @param {EngineOptions} options
 */
async function startEngine({ say, onStart, onGiveUp }) {
  if (existsSync("/run/systemd/system")) {
    say("starting the engine's service (it stays when this stops)");
    await run("systemctl", ["start", "docker"], { deadlineMs: 90_000 });
    if (await waitFor(async () => (await pingEngine(defaultHost)) === "up", { deadlineMs: 30_000 }))
      return null;
    throw new Refusal("The service `docker` was started but does not answer: see `journalctl -u docker`.");
  }
  say("starting the container engine (dockerd)");
  return startDockerd({ dockerHost: defaultHost, onStart, onGiveUp });
}

/** The first known place at which an engine answers. @returns {Promise<string | null>} */
async function findEngine() {
  /** @type {string[]} */
  const denied = [];
  for (const host of await candidates()) {
    if (!existsSync(host.slice("unix://".length)) && host.startsWith("unix://")) continue;
    const state = await pingEngine(host);
    if (state === "up") return host;
    if (state === "denied") denied.push(host);
  }
  if (denied.length === 0) return null;
  const user = os.userInfo().username;
  throw new Refusal(
    `The engine's socket ${denied[0]?.slice("unix://".length)} refuses ${user}: add the user to the group docker, sign in again, and retry.`,
  );
}

async function candidates() {
  const home = os.homedir();
  const runtime = process.env.XDG_RUNTIME_DIR;
  const files = [
    ...(runtime ? [path.join(runtime, "docker.sock")] : []),
    path.join(home, ".docker/run/docker.sock"),
    path.join(home, ".docker/desktop/docker.sock"),
    path.join(home, ".colima/default/docker.sock"),
    path.join(home, ".orbstack/run/docker.sock"),
    path.join(home, ".rd/docker.sock"),
    ...(runtime ? [path.join(runtime, "podman/podman.sock")] : []),
    "/run/podman/podman.sock",
  ];
  const hosts = [defaultHost, await contextHost(), ...files.map((file) => `unix://${file}`)];
  return [...new Set(hosts.filter((host) => host !== null))];
}

/** Where the command line's chosen context points, on a machine that has one. @returns {Promise<string | null>} */
async function contextHost() {
  const args = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  try {
    const host = (await run("docker", args, { deadlineMs: 10_000 })).trim();
    return /^(unix|tcp):\/\//.test(host) ? host : null;
  } catch (error) {
    if (error instanceof CommandFailed) return null; // No command line: nothing to ask.
    throw error;
  }
}
