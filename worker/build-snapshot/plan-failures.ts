/** Which package or repository is to blame, from how its program ended and what it said last. */
import type { PackageManager } from "@/lib/profiles/plan-words";
import { failedClone, type Repository } from "./clone-command";
import { exitSentence } from "./failures";
import { NOT_FOUND } from "./package-commands";

const missing: Record<PackageManager, string> = {
  apt: "apt-get isn't in this image: start from a Debian or Ubuntu image, or install in the setup script.",
  npm: "npm isn't in this image: add nodejs and npm to the apt packages, or start from a Node image.",
  pip: "pip isn't in this image: add python3-pip to the apt packages, or start from a Python image.",
};

/** The sentences in which the managers name a package, with the package in the first group. */
const blames: Record<PackageManager, Array<[pattern: RegExp, say: (found: string) => string]>> = {
  apt: [
    [/^E: Unable to locate package (\S+)/m, (name) => `There is no package ${name}.`],
    [/^E: Version '[^']*' for '[^']*' was not found/m, (said) => `${said.slice(3)}.`],
    [/^E: Package '([^']+)' has no installation candidate/m, (name) => `Package ${name} can't be installed.`],
    [/^E: Failed to fetch (\S+)/m, (url) => `${url} could not be fetched.`],
  ],
  npm: [
    // A package whose file isn't there: npm asks for it by its address.
    [
      /^npm (?:error|ERR!) 404\s+(?:The requested resource )?'([^']+)@https?:[^']+'/m,
      (name) => `The registry tells of ${name}, but doesn't have its file.`,
    ],
    [
      /^npm (?:error|ERR!) 404\s+(?:The requested resource )?'([^']+)' (?:is not in this registry|could not be found)/m,
      (name) => `There is no package ${plain(name)}.`,
    ],
    [
      /^npm (?:error|ERR!) notarget No matching version found for (\S+?)\.?$/m,
      (name) => `There is no version ${name}.`,
    ],
    [/^npm (?:error|ERR!) 404 Not Found - GET (\S+)/m, (url) => `${url} is not there.`],
    [
      /^npm (?:error|ERR!) (?:network|FetchError:) request to (\S+) failed/m,
      (url) => `${url} could not be fetched.`,
    ],
    [
      /^npm (?:error|ERR!) path \S*\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)$\s+^npm (?:error|ERR!) command failed/m,
      (name) => `The install script of ${name} failed.`,
    ],
  ],
  pip: [
    // It then says that there is no such package.
    [
      /^WARNING: Retrying \(Retry\(total=0,.+: (\/\S+)$/m,
      (path) => `${path} could not be fetched from the index.`,
    ],
    [
      /^ERROR: Could not install requirement (\S+) .*because of HTTP error/m,
      (name) => `The index tells of ${name}, but doesn't have its file.`,
    ],
    [/^\s*ERROR: Failed building wheel for (\S+)/m, notBuilt],
    // The package is the last one that it had turned to.
    [/(?<![\s\S])[\s\S]*^Collecting (\S+)[\s\S]*^error: metadata-generation-failed/m, notBuilt],
    [
      /^ERROR: No matching distribution found for (.+?)\s*$/m,
      (name) => `There is no package ${name} for this Python.`,
    ],
    [
      /^ERROR: Could not find a version that satisfies the requirement (\S+)/m,
      (name) => `There is no version ${name}.`,
    ],
  ],
};

function notBuilt(name: string): string {
  return `${name} has to be built from its source here, and that failed.`;
}

/** npm adds the version that it looked for: any. */
const plain = (name: string) => name.replace(/@\*$/, "");

export function packageFailure(manager: PackageManager, exitCode: number, said: string): string {
  if (exitCode === NOT_FOUND && said.trim() === "") return missing[manager];
  for (const [pattern, say] of blames[manager]) {
    const found = pattern.exec(said);
    if (found) return `${manager}: ${say(found[1] ?? found[0])}`;
  }
  return exitSentence(`Installing the ${manager} packages`, exitCode);
}

/** What git and ssh say when it is the right to read that is missing. */
const DENIED =
  /^fatal: (?:could not read (?:Username|Password)|Authentication failed|unable to access .* error: 40[13]$)|Permission denied \([a-z,-]*publickey/m;

/** Null when something else is wrong. */
function deniedClone({ url, secret }: Repository, said: string): string | null {
  if (/cannot run ssh|ssh: not found/.test(said))
    return `${url} is cloned with ssh, which isn't in this image: add openssh-client to the apt packages.`;
  if (!DENIED.test(said)) return null;
  if (secret === "") return `${url} needs a secret: choose one beside it in a new draft, then publish that.`;
  const unreadable = /invalid format|error in libcrypto|incorrect passphrase/.test(said)
    ? " It holds no private key that ssh can read; one with a passphrase can't be used, either."
    : "";
  return `The secret ${secret} was refused by ${url}.${unreadable}`;
}

export function cloneFailure(repositories: readonly Repository[], exitCode: number, said: string): string {
  if (exitCode === NOT_FOUND && said.trim() === "")
    return "git isn't in this image: add git to the apt packages, or start from an image that has it.";
  const failed = failedClone(exitCode, repositories);
  if (!failed) return exitSentence("Cloning the repositories", exitCode);
  const { url, ref, path } = failed.repository;
  if (failed.at === "ref")
    return ref === ""
      ? `${url} has no default branch to check out: name a branch.`
      : `${url} has no branch, tag or commit “${ref}”.`;
  const denied = deniedClone(failed.repository, said);
  if (denied) return denied;
  const reason = /^fatal: (.+)$/m.exec(said)?.[1];
  const certificates = /certificate|CAfile/.test(said) ? " Add ca-certificates to the apt packages." : "";
  return `${url} could not be cloned to ${path}${reason ? `: ${reason}` : "."}${certificates}`;
}
