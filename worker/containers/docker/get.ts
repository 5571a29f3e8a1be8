/** Plain questions to the engine, for which dockerode has a method without a signal. */
import type DockerModem from "docker-modem";
import type Docker from "dockerode";
import { withDeadline } from "./deadline";

/** GET of a path, with a deadline; the answer is still to be understood. */
export function get(
  docker: Docker,
  path: string,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<unknown> {
  const modem: DockerModem = docker.modem;
  const request = { path, method: "GET", statusCodes: { 200: true, 404: "not found", 500: "server error" } };
  const dial = (abortSignal: AbortSignal) =>
    new Promise<unknown>((resolve, reject) => {
      modem.dial({ ...request, abortSignal }, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  return withDeadline(`GET ${path}`, milliseconds, dial, signal);
}
