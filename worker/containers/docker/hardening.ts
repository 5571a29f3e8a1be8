/** What a container of ours may do: limits, capabilities, mounts. Everything not named is the engine's default. */
import type { CacheMount, ContainerPlan } from "../types";
import type { EngineFacts } from "./client";
import { toLabels } from "./labels";

/** What `apt-get`, `npm` and `pip` need as root; found by trying. */
const CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID"];

/**
 * Keeps what re-attaching needs: more than a log may have. The number of files bounds it, so a chatty script can't
 * fill the disk. Compressing the older ones, which is the driver's default, takes the engine as much of the
 * processor as all the rest of its work for the same output.
 */
const BOUNDED_LOG = { Type: "local", Config: { "max-size": "64m", "max-file": "5", compress: "false" } };

/** Everybody may write, nobody may replace another's file. It counts towards the container's memory. */
const IN_MEMORY = "rw,noexec,nosuid,nodev,size=8m,mode=1777";
/** Its size is that of the memory limit. */
const SCRATCH = "rw,exec,nosuid,nodev,mode=1777";

/**
 * The `HostConfig` of a container. Its default seccomp profile and masked paths stay.
 * @param runtime the engine's own choice when it is left out
 */
export function hostConfig(plan: ContainerPlan, facts: EngineFacts, runtime?: string) {
  const memory = plan.limits.memoryMb * 1024 * 1024;
  return {
    Memory: memory,
    // The same number: no swap on top.
    MemorySwap: memory,
    // The engine refuses more than the host has, and a spec that was written for a larger one should still run.
    NanoCpus: Math.round(Math.min(plan.limits.cpus, facts.cpus) * 1e9),
    PidsLimit: plan.limits.pids,
    NetworkMode: plan.network,
    CapDrop: ["ALL"],
    CapAdd: capabilities(plan.ownership.kind),
    SecurityOpt: ["no-new-privileges"],
    Mounts: [
      ...plan.volatilePaths.map((path) => volatileVolume(path, plan)),
      ...[...(plan.caches ?? []), ...(plan.volumes ?? [])].map(namedVolume),
    ],
    Tmpfs: Object.fromEntries([
      ...(plan.memoryPaths ?? []).map((path) => [path, IN_MEMORY]),
      ...(plan.scratchPaths ?? []).map((path) => [path, SCRATCH]),
    ]),
    // Said, because the daemon's configuration may say otherwise and docker-init may not be installed.
    Init: false,
    ...(runtime ? { Runtime: runtime } : {}),
    ...(facts.logDrivers.includes(BOUNDED_LOG.Type) ? { LogConfig: BOUNDED_LOG } : {}),
  };
}

/**
 * Commands in a session, in what waits for one, or in what a failed build left, have a time limit each, and a command that root started may have become another user:
 * without KILL, root in the container can't end it. It reaches no further than the container's own processes.
 * Builds and checks are killed as a whole from outside, and don't need it.
 */
function capabilities(kind: ContainerPlan["ownership"]["kind"]): string[] {
  const takesCommands = kind === "session" || kind === "warm" || kind === "kept";
  return takesCommands ? [...CAPABILITIES, "KILL"] : CAPABILITIES;
}

/**
 * A volume without a name: removed with its container, and not part of what a commit captures. As a mount and
 * not in the container's `Volumes`, which a commit would write into the image's configuration.
 */
function volatileVolume(path: string, plan: ContainerPlan) {
  return { Type: "volume", Target: path, VolumeOptions: { Labels: toLabels(plan.ownership) } };
}

/** The labels count when the engine has to make it. An empty one gets the image's own files, with their owners. */
function namedVolume({ path, volume, ownership }: CacheMount) {
  const labels = { ...toLabels(ownership), "dev.kiln.path": path };
  return { Type: "volume", Source: volume, Target: path, VolumeOptions: { Labels: labels } };
}
