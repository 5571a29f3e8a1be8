/** What a failure's last lines give away: well-known sentences of package managers, shells and kernels. */
import { type FailureCode, hintFor } from "./failure";

interface Pattern {
  says: RegExp;
  advice: string;
}

/** How shells and languages say that the limit of processes is met. */
const CROWDED =
  /(?:can't|cannot|unable to) fork|fork: (?:retry: )?resource temporarily unavailable|pthread_create.*resource temporarily unavailable|unable to create (?:new )?(?:native )?thread/i;

/** The first that fits a line counts, so what is more exact stands before what is more general. */
const patterns: readonly Pattern[] = [
  {
    says: CROWDED,
    advice:
      "No further process could be started: raise the limit of processes in a new version, or run fewer at once.",
  },
  {
    says: /no space left on device|disk quota exceeded/i,
    advice: "The disk was full: let the script delete what it downloads, or make room on the engine's disk.",
  },
  {
    says: /could not resolve|temporary failure in name resolution|temporary failure resolving|name or service not known|EAI_AGAIN|ENOTFOUND|bad address|no such host/i,
    advice:
      "A host's name could not be resolved: check the name, the profile's network setting and the engine's DNS.",
  },
  {
    says: /certificate verify failed|certificate problem|self[- ]signed certificate|x509:|certificate has expired|unable to get local issuer certificate/i,
    advice:
      "A TLS certificate was refused: install ca-certificates, or the certificate of your proxy, before this command.",
  },
  {
    says: /permission denied \([a-z,-]*publickey|authentication failed for|could not read (?:username|password) for/i,
    advice:
      "The repository's server refused access: check the secret that is chosen for it, and that it may read the repository.",
  },
  {
    says: /unable to locate package|has no installation candidate|no matching distribution found|E404|no such package/i,
    advice: "A package isn't known by that name: run `apt-get update` first, and check the name and version.",
  },
  {
    says: /\b404\b.*not found|not found.*\b404\b|failed to fetch .*404|HTTP error 404|error: 404/i,
    advice:
      "A package mirror no longer has that file: run `apt-get update` in the same script, or take a newer base image.",
  },
  {
    says: /connection timed out|operation timed out|ETIMEDOUT|i\/o timeout|connection refused|ECONNREFUSED|network is unreachable|failed to connect/i,
    advice: "Another machine didn't answer: check that it is up, and that the engine's machine may reach it.",
  },
  {
    says: /out of memory|cannot allocate memory|\bOOM\b|(^|\s)Killed(\s|$)|signal: killed/,
    advice: "A process was killed or got no memory: raise the memory limit in a new version.",
  },
  {
    says: /command not found|: not found$|executable file not found|no such file or directory: (?:env|exec)/i,
    advice: "A command isn't installed: install it earlier in the script, or check its name and PATH.",
  },
  {
    says: /permission denied|operation not permitted|EACCES|EPERM/i,
    advice:
      "Something wasn't allowed: check the profile's user and the file's mode; sandboxes have few privileges.",
  },
];

/** Did a program meet its limit of processes near its end? @param said the end of its output */
export const saysCrowded = (said: string) => CROWDED.test(said.slice(-2048));

/** Codes that say only where it failed; the others know why. */
const vague: ReadonlySet<FailureCode> = new Set([
  "base_image_unavailable",
  "plan_failed",
  "setup_failed",
  "setup_timed_out",
  "capture_failed",
  "check_failed",
]);

/**
 * What the reader should do next.
 * @param lines the last lines of the step that failed, oldest first; the one nearest to the end counts.
 */
export function adviceFor(code: FailureCode, lines: readonly string[], isTry = false): string {
  const next = hintFor(code, isTry);
  if (!vague.has(code)) return next;
  for (const line of lines.toReversed()) {
    const found = patterns.find(({ says }) => says.test(line));
    if (found) return `${found.advice} ${next}`;
  }
  return next;
}
