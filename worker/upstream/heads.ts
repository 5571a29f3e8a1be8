/**
 * Where a snapshot's repositories stand now, against what was cloned. It is asked from a container of the snapshot itself:
 * with the git, the network and the secrets that cloned them, and with no more reach than a build has.
 */
import { installationId } from "@/lib/installation.server";
import type { Spec } from "@/lib/profiles/spec";
import { cloneSecrets } from "@/lib/profiles/spec-secrets";
import { secretKey } from "@/lib/secrets/key.server";
import { sealedSecrets, type UpstreamCheck } from "@/lib/upstream/check.server";
import { type Head, readHeads } from "@/lib/upstream/moved";
import { cloneScript, GIT_ACCESS, type Repository } from "@/worker/build-snapshot/clone-command";
import { SCRIPT_PATH } from "@/worker/build-snapshot/setup-command";
import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { AWAIT_SECRETS, deliverSecrets, SECRETS_FOLDER } from "@/worker/secrets/deliver";
import { open } from "@/worker/secrets/open";

const HEADS_MS = 120_000;
/** Of what the program prints. */
const MOST_BYTES = 64 * 1024;

/** A branch goes before a tag of the same name, as in a checkout of what was just cloned. */
const program = `
number=0
while [ $# -gt 0 ]; do
  url=$1 ref=$2 path=$3 secret=$4
  shift 4
${GIT_ACCESS}  was=$(git -c safe.directory='*' -C "$path" rev-parse --verify --quiet "refs/remotes/origin/\${ref:-HEAD}" ||
    git -c safe.directory='*' -C "$path" rev-parse --verify --quiet "refs/tags/$ref")
  if [ -n "$ref" ]; then there=$(kiln_git ls-remote -- "$url" "refs/heads/$ref" "refs/tags/$ref"); else there=$(kiln_git ls-remote -- "$url" HEAD); fi
  if [ $? -eq 0 ]; then is=\${there%%[!0-9a-f]*}; else is=!; fi
  echo "kiln-head $number \${was:--} \${is:--}"
  number=$((number + 1))
done
`;

/** @returns what could be found out; none where the image has no git any more. @throws EngineError */
export async function readRepositoryHeads(
  { imageId, spec }: UpstreamCheck,
  worker: WorkerIdentity,
  engine: Engine,
  stop: AbortSignal,
): Promise<Head[]> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(HEADS_MS)]);
  signal.throwIfAborted();
  const installation = await installationId();
  const secrets = await openSecrets(spec, installation);
  const container = await engine.createContainer({
    // A worker asks for one at a time; one that it left behind is replaced.
    name: `kiln-upstream-${worker.id}`,
    image: imageId,
    command: headsCommand(spec.repositories, secrets.length > 0),
    env: spec.env,
    workdir: "/",
    user: spec.user,
    limits: { cpus: 1, memoryMb: 256, pids: 64 },
    network: spec.network,
    // Not the snapshot's: the worker asks for itself, and it goes with it.
    ownership: { installation, kind: "inventory", owner: worker.id },
    volatilePaths: [],
    memoryPaths: secrets.length > 0 ? [SECRETS_FOLDER] : [],
  });
  try {
    const script = cloneScript(spec.repositories);
    if (script !== null)
      await engine.writeFiles(container, [{ path: SCRIPT_PATH, content: script, mode: 0o755 }]);
    return readHeads(await outputOf(engine, container, signal, () => deliver(secrets)));
  } finally {
    await engine.removeContainer(container);
  }

  async function deliver(values: typeof secrets): Promise<void> {
    if (values.length > 0) await deliverSecrets(engine, container, spec.user, values);
  }
}

export function headsCommand(repositories: readonly Repository[], hasSecrets: boolean): string[] {
  const waits = hasSecrets ? AWAIT_SECRETS : "";
  return [
    "/bin/sh",
    "-c",
    `command -v git >/dev/null 2>&1 || exit 0\n${waits}${program}`,
    "kiln",
    ...repositories.flatMap(({ url, ref, path, secret }) => [url, ref, path, secret]),
  ];
}

async function openSecrets(spec: Spec, installation: string) {
  const names = cloneSecrets(spec);
  if (names.length === 0) return [];
  const rows = await sealedSecrets(names);
  return rows.map(({ id, name, sealed }) => ({
    name,
    value: open(secretKey(), { installation, id, name }, sealed),
  }));
}

async function outputOf(
  engine: Engine,
  container: string,
  signal: AbortSignal,
  whenStarted: () => Promise<void>,
): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const { stream, data } of engine.startAttached(container, signal, { whenStarted })) {
    if (stream !== "stdout" || bytes > MOST_BYTES) continue;
    pieces.push(Buffer.from(data));
    bytes += data.length;
  }
  return Buffer.concat(pieces).toString("utf8");
}
