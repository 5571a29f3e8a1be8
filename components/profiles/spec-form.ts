/**
 * A draft as it is typed: numbers are text, a variable is a row that may still lack its name. What is typed
 * is never lost by being wrong: `readForm` says what is wrong, by field, and leaves the form alone.
 */
import type { z } from "zod";
import { type PackageManager, packageManagers } from "@/lib/profiles/plan-words";
import { type Spec, specSchema } from "@/lib/profiles/spec";
import { atLine, readPackages } from "./package-lines";

export interface EnvRow {
  id: string;
  key: string;
  value: string;
}
export interface FileRow {
  id: string;
  path: string;
  mode: string;
  content: string;
}
export interface RepositoryRow {
  id: string;
  url: string;
  ref: string;
  path: string;
  /** A secret's name; empty for none. */
  secret: string;
}
export interface SpecForm {
  baseImage: string;
  setupScript: string;
  maintenanceScript: string;
  env: EnvRow[];
  files: FileRow[];
  /** One package a line. */
  packages: Record<PackageManager, string>;
  repositories: RepositoryRow[];
  secrets: string[];
  /** One folder a line. */
  caches: string;
  /** One folder a line. */
  persistentPaths: string;
  workdir: string;
  user: string;
  network: Spec["network"];
  check: string;
  cpus: string;
  memoryMb: string;
  pids: string;
  diskMb: string;
  setupSeconds: string;
}

/** Error sentences by field: `baseImage`, `env.<row id>.key`, `files.<row id>.path`. */
export type FormErrors = Record<string, string>;
export type Reading = { spec: Spec; errors: FormErrors } | { spec: null; errors: FormErrors };

let rows = 0;
/** Names a row for as long as the page lives, so that errors and focus stay with it. */
export function newRowId(): string {
  rows += 1;
  return `row-${rows}`;
}

export function toForm(spec: Spec): SpecForm {
  return {
    baseImage: spec.baseImage,
    setupScript: spec.setupScript,
    maintenanceScript: spec.maintenanceScript,
    env: Object.entries(spec.env).map(([key, value]) => ({ id: newRowId(), key, value })),
    files: spec.files.map((file) => ({ id: newRowId(), ...file })),
    packages: {
      apt: spec.packages.apt.join("\n"),
      npm: spec.packages.npm.join("\n"),
      pip: spec.packages.pip.join("\n"),
    },
    repositories: spec.repositories.map((repository) => ({ id: newRowId(), ...repository })),
    secrets: spec.secrets,
    caches: spec.caches.join("\n"),
    persistentPaths: spec.persistentPaths.join("\n"),
    workdir: spec.workdir,
    user: spec.user,
    network: spec.network,
    check: spec.check,
    cpus: String(spec.resources.cpus),
    memoryMb: String(spec.resources.memoryMb),
    pids: String(spec.resources.pids),
    diskMb: String(spec.resources.diskMb),
    setupSeconds: String(spec.timeouts.setupSeconds),
  };
}

const toNumber = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));

/** Checks what was typed. `base` gives what the form doesn't show yet. */
export function readForm(form: SpecForm, base: Spec): Reading {
  const env = form.env.filter((row) => row.key !== "" || row.value !== "");
  const files = form.files.filter((row) => row.path !== "" || row.content !== "");
  const repositories = form.repositories.filter((row) => row.url !== "" || row.path !== "");
  const errors = duplicateNames(env);
  const parsed = specSchema.safeParse({
    ...base,
    baseImage: form.baseImage.trim(),
    setupScript: form.setupScript,
    maintenanceScript: form.maintenanceScript,
    env: Object.fromEntries(env.map((row) => [row.key, row.value])),
    files: files.map(({ path, mode, content }) => ({ path: path.trim(), mode: mode.trim(), content })),
    packages: {
      apt: readPackages(form.packages.apt).names,
      npm: readPackages(form.packages.npm).names,
      pip: readPackages(form.packages.pip).names,
    },
    repositories: repositories.map(({ url, ref, path, secret }) => ({
      url: url.trim(),
      ref: ref.trim(),
      path: path.trim(),
      secret,
    })),
    secrets: form.secrets,
    caches: readPackages(form.caches).names,
    persistentPaths: readPackages(form.persistentPaths).names,
    workdir: form.workdir.trim(),
    user: form.user.trim(),
    network: form.network,
    check: form.check,
    resources: {
      ...base.resources,
      cpus: toNumber(form.cpus),
      memoryMb: toNumber(form.memoryMb),
      pids: toNumber(form.pids),
      diskMb: toNumber(form.diskMb),
    },
    timeouts: { ...base.timeouts, setupSeconds: toNumber(form.setupSeconds) },
  });
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const field = fieldOf(issue.path, issue.code === "invalid_key", { env, files, repositories });
      errors[field] ??= withLine(issue.path, sentenceOf(issue), form);
    }
  }
  if (!parsed.success || Object.keys(errors).length > 0) return { spec: null, errors };
  return { spec: parsed.data, errors };
}

/** The server's answer names fields by their path in the spec: here they get the names of the form's fields. */
export function fromServer(
  fields: ReadonlyArray<{ path: string; message: string }>,
  form: SpecForm,
): FormErrors {
  const named = fields.map(({ path, message }): [string, string] => {
    const parts = path.replace(/^spec\./, "").split(".");
    return [fieldOf(parts, false, form), withLine(parts, message, form)];
  });
  return Object.fromEntries(named);
}

/** By `env.<row>.key`. */
export function duplicateNames(env: readonly EnvRow[]): FormErrors {
  const seen = new Set<string>();
  const errors: FormErrors = {};
  for (const row of env) {
    if (seen.has(row.key)) errors[`env.${row.id}.key`] = "This name is in the list twice.";
    seen.add(row.key);
  }
  return errors;
}

function fieldOf(
  path: readonly PropertyKey[],
  isKey: boolean,
  { env, files, repositories }: Pick<SpecForm, "env" | "files" | "repositories">,
): string {
  const [head, second, third] = path.map(String);
  if (head === "env" && second !== undefined) {
    const row = env.find(({ key }) => key === second);
    return row ? `env.${row.id}.${isKey ? "key" : "value"}` : "env";
  }
  if (head === "files" && second !== undefined) {
    const row = files[Number(second)];
    return row ? `files.${row.id}.${third ?? "path"}` : "files";
  }
  if (head === "repositories" && second !== undefined) {
    const row = repositories[Number(second)];
    return row ? `repositories.${row.id}.${third ?? "url"}` : "repositories";
  }
  if (head === "packages") return `packages.${second ?? "apt"}`;
  if (head === "resources" || head === "timeouts") return second ?? head;
  return head ?? "spec";
}

/** A package, a cache and a persistent folder are lines of their lists. */
function withLine(path: readonly PropertyKey[], sentence: string, form: SpecForm): string {
  const { packages, caches, persistentPaths } = form;
  const [head, second, third] = path;
  if (head === "persistentPaths" && second !== undefined)
    return atLine(persistentPaths, Number(second), sentence);
  if (head === "caches" && second !== undefined) return atLine(caches, Number(second), sentence);
  const manager = packageManagers.find((name) => name === second);
  if (head !== "packages" || !manager || third === undefined) return sentence;
  return atLine(packages[manager], Number(third), sentence);
}

/** A wrong key of a record keeps its sentence one level deeper. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? issue.message;
  return issue.message;
}
