/** Where the engine is: `DOCKER_HOST` as the Docker CLI understands it, or the first socket that exists. */
import { existsSync, readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { connect as connectTo, isIP, type OnReadOpts, type Socket } from "node:net";
import { homedir } from "node:os";
import path from "node:path";
import { connect as connectSafelyTo } from "node:tls";
import { inspect } from "node:util";
import Docker from "dockerode";
import type { Client, EngineFacts } from "./client";
import { type Deadlines, defaultDeadlines } from "./deadline";
import { readFacts } from "./facts";

export interface DockerEngineOptions {
  /** `unix:///path`, `tcp://host:port`; the variable `DOCKER_HOST`, or the default socket, when left out. */
  dockerHost?: string | undefined;
  /** What runs the containers, such as `runsc`; the engine's default when left out. */
  runtime?: string | undefined;
  /** For tests that don't want to wait. */
  deadlines?: Partial<Deadlines>;
}

const DEFAULT_SOCKET = "/var/run/docker.sock";

/**
 * dockerode's client describes each request, with all that hangs on its agent, for a debug log that is switched off:
 * 10 ms a call, a quarter of what a worker has to do in a small build.
 */
function undescribed<A extends HttpAgent>(agent: A): A {
  return Object.assign(agent, { [inspect.custom]: () => "Agent" });
}

/** Connects lazily: an engine that isn't there is noticed by the first call, as `unavailable`. */
export function connect(options: DockerEngineOptions): Client {
  const where = clientOptions(options.dockerHost ?? process.env.DOCKER_HOST);
  const docker = new Docker(where);
  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  let known: Promise<EngineFacts> | undefined;
  const facts = () => {
    known ??= readFacts(docker, deadlines).catch((error: unknown) => {
      // Only an answer is worth remembering.
      known = undefined;
      throw error;
    });
    return known;
  };
  const local = where.socketPath !== undefined;
  const secure = "ca" in where;
  const dial = (onread?: OnReadOpts) => dialTo(where, onread);
  const { runtime } = options;
  return { docker, dial, local, secure, deadlines, runtime, savedLayers: new Map(), facts };
}

function dialTo(where: ReturnType<typeof clientOptions>, onread: OnReadOpts | undefined): Socket {
  const reading = onread ? { onread } : {};
  if (where.socketPath !== undefined) return connectTo({ path: where.socketPath, ...reading });
  const { host, port } = where;
  if (!("ca" in where)) return connectTo({ host, port: Number(port), ...reading });
  const { ca, cert, key } = where;
  // What is in front of several engines tells them apart by it; an address is no name.
  const name = isIP(host) ? {} : { servername: host };
  return connectSafelyTo({ ...reading, ...name, host, port: Number(port), ca, cert, key });
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * dockerode reads `DOCKER_HOST` and `DOCKER_CLIENT_TIMEOUT` itself and lets them win over options that are
 * missing, so each is given, `undefined` too. No connection is kept: after a restart of the engine a pooled
 * one fails the first call for nothing, and a local connection costs less than a millisecond.
 */
export function clientOptions(dockerHost: string | undefined, env: Environment = process.env) {
  const none = {
    host: undefined,
    port: undefined,
    protocol: undefined,
    socketPath: undefined,
    timeout: undefined,
  };
  const plain = undescribed(new HttpAgent({ keepAlive: false }));
  if (!dockerHost) return { ...none, socketPath: defaultSocket(env), agent: plain };
  if (dockerHost.startsWith("unix://")) {
    return { ...none, socketPath: dockerHost.slice("unix://".length) || DEFAULT_SOCKET, agent: plain };
  }
  const url = URL.canParse(dockerHost) ? new URL(dockerHost) : undefined;
  if (url?.protocol !== "tcp:" || !url.hostname)
    throw new Error(
      `DOCKER_HOST is “${dockerHost}”; Kiln understands unix:///path/to/socket and tcp://host:port.`,
    );
  const tls = Boolean(env.DOCKER_TLS_VERIFY);
  // An address of IPv6 stands in brackets in a URL, and nowhere else.
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const where = { ...none, host, port: url.port || (tls ? "2376" : "2375") };
  if (!tls) return { ...where, protocol: "http" as const, agent: plain };
  const agent = undescribed(new HttpsAgent({ keepAlive: false }));
  return { ...where, protocol: "https" as const, ...certificatesIn(env), agent };
}

function certificatesIn(env: Environment) {
  const folder = env.DOCKER_CERT_PATH || path.join(homedir(), ".docker");
  const pem = (name: string) => {
    try {
      return readFileSync(path.join(folder, name));
    } catch (error) {
      throw new Error(
        `DOCKER_TLS_VERIFY is set, and ${path.join(folder, name)} can't be read. DOCKER_CERT_PATH names the folder that has ca.pem, cert.pem and key.pem.`,
        { cause: error },
      );
    }
  };
  return { ca: pem("ca.pem"), cert: pem("cert.pem"), key: pem("key.pem") };
}

/** The system's socket, else one of a rootless engine, else the system's again, to be named in the error. */
function defaultSocket(env: Environment): string {
  const candidates = [
    DEFAULT_SOCKET,
    path.join(homedir(), ".docker/run/docker.sock"),
    ...(env.XDG_RUNTIME_DIR ? [path.join(env.XDG_RUNTIME_DIR, "docker.sock")] : []),
    "/run/podman/podman.sock",
    ...(env.XDG_RUNTIME_DIR ? [path.join(env.XDG_RUNTIME_DIR, "podman/podman.sock")] : []),
  ];
  return candidates.find((candidate) => existsSync(candidate)) ?? DEFAULT_SOCKET;
}
