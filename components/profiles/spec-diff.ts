/** What differs between two specs, field by field, in words for people. */
import { packageManagers } from "@/lib/profiles/plan-words";
import type { Spec } from "@/lib/profiles/spec";
import { type DiffLine, diffLines } from "./line-diff";
import { formatSeconds, networkWords, sourceOf } from "./spec-words";

export type SpecChange =
  | { kind: "value"; label: string; before: string | null; after: string | null }
  | { kind: "text"; label: string; lines: DiffLine[] };

type Reader = [label: string, read: (spec: Spec) => string];

const values: Reader[] = [
  ["Base image", (spec) => spec.baseImage],
  ["Working directory", (spec) => spec.workdir],
  ["User", (spec) => spec.user],
  ["Network", (spec) => networkWords[spec.network]],
];
const limits: Reader[] = [
  ["CPUs", (spec) => String(spec.resources.cpus)],
  ["Memory", (spec) => `${spec.resources.memoryMb} MB`],
  ["Processes", (spec) => String(spec.resources.pids)],
  ["Disk", (spec) => `${spec.resources.diskMb} MB`],
  ["Setup time limit", (spec) => formatSeconds(spec.timeouts.setupSeconds)],
];

/** From `before` (null: nothing was there) to `after`, in the order of the form. */
export function diffSpecs(before: Spec | null, after: Spec): SpecChange[] {
  const value = ([label, read]: Reader): SpecChange[] => {
    const was = before && read(before);
    const is = read(after);
    return was === is ? [] : [{ kind: "value", label, before: was, after: is }];
  };
  const text = (label: string, was: string, is: string): SpecChange[] =>
    was === is ? [] : [{ kind: "text", label, lines: diffLines(was, is) }];
  return [
    ...values.flatMap(value),
    ...packageManagers.flatMap((manager) =>
      text(`${manager} packages`, lines(before?.packages[manager]), lines(after.packages[manager])),
    ),
    ...diffRepositories(before?.repositories ?? [], after.repositories),
    ...text("Setup script", before?.setupScript ?? "", after.setupScript),
    ...text("Maintenance script", before?.maintenanceScript ?? "", after.maintenanceScript),
    ...diffEnv(before?.env ?? {}, after.env),
    ...union(before?.secrets ?? [], after.secrets).flatMap((name) =>
      value([`Secret ${name}`, (spec) => (spec.secrets.includes(name) ? "given to the build" : "not given")]),
    ),
    ...diffFiles(before?.files ?? [], after.files, text),
    ...union(before?.caches ?? [], after.caches).flatMap((path) =>
      value([`Cache ${path}`, (spec) => (spec.caches.includes(path) ? "kept between builds" : "not kept")]),
    ),
    ...union(before?.persistentPaths ?? [], after.persistentPaths).flatMap((path) =>
      value([
        `Folder ${path}`,
        (spec) =>
          spec.persistentPaths.includes(path) ? "persists in persistent sessions" : "doesn't persist",
      ]),
    ),
    ...limits.flatMap(value),
    ...text("Check", before?.check ?? "", after.check),
  ];
}

const lines = (names: readonly string[] = []) => names.map((name) => `${name}\n`).join("");

function diffRepositories(before: Spec["repositories"], after: Spec["repositories"]): SpecChange[] {
  const read = (list: Spec["repositories"]) =>
    new Map(list.map((repository) => [repository.path, sourceOf(repository)]));
  const [was, is] = [read(before), read(after)];
  return union([...was.keys()], [...is.keys()]).flatMap((path): SpecChange[] => {
    const [old, now] = [was.get(path) ?? null, is.get(path) ?? null];
    return old === now ? [] : [{ kind: "value", label: `Repository ${path}`, before: old, after: now }];
  });
}

const union = (a: string[], b: string[]) => [...new Set([...a, ...b])].sort();

function diffEnv(before: Spec["env"], after: Spec["env"]): SpecChange[] {
  return union(Object.keys(before), Object.keys(after)).flatMap((name): SpecChange[] => {
    const was = before[name] ?? null;
    const is = after[name] ?? null;
    return was === is ? [] : [{ kind: "value", label: `Variable ${name}`, before: was, after: is }];
  });
}

function diffFiles(
  before: Spec["files"],
  after: Spec["files"],
  text: (label: string, was: string, is: string) => SpecChange[],
): SpecChange[] {
  const find = (files: Spec["files"], path: string) => files.find((file) => file.path === path);
  const paths = union(
    before.map((file) => file.path),
    after.map((file) => file.path),
  );
  return paths.flatMap((path) => {
    const was = find(before, path);
    const is = find(after, path);
    const mode: SpecChange[] =
      was?.mode === is?.mode
        ? []
        : [{ kind: "value", label: `Mode of ${path}`, before: was?.mode ?? null, after: is?.mode ?? null }];
    return [...mode, ...text(`File ${path}`, was?.content ?? "", is?.content ?? "")];
  });
}
