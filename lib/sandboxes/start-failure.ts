/** What an engine says of a sandbox that it couldn't start, as a sentence for people with what to do next. Pure. */

const PUBLISH = "then publish the profile";

/** What is known of such sentences, which change with the engine's version: what none fits is told as it is. */
const known: ReadonlyArray<[RegExp, (found: string) => string]> = [
  [
    /"\/bin\/sh": (?:stat .+: )?(?:no such file|executable file not found)/,
    () => `The image has no /bin/sh, which keeps a sandbox up. Choose a base image that has one, ${PUBLISH}.`,
  ],
  [
    /unable to find user ([^:]+)/,
    (user) =>
      `The image has no user “${user}”. Add it in the setup script or choose another user, ${PUBLISH}.`,
  ],
  [
    /(?:[cC]annot mkdir: |merged)(\/\S+?)(?:: not a directory| is not a directory)/,
    (path) => `${path} is in the way of the working folder. Choose another folder, ${PUBLISH}.`,
  ],
  [
    /only (\d+) CPUs? available/,
    (cpus) => `The host has no more than ${cpus} CPUs. Ask for fewer, ${PUBLISH}.`,
  ],
  [/[mM]inimum memory limit allowed is (\S+)/, (least) => `Ask for at least ${least} of memory, ${PUBLISH}.`],
  [
    /[uU]nknown.*runtime.* (\S+)$/,
    (name) => `The engine has no runtime “${name}”. Install it there, or start the worker without it.`,
  ],
];

/** Which of the engine's programs said it is nothing to people. */
const TELLERS =
  /^(?:failed to create (?:shim )?task|OCI runtime create failed|runc create failed|\w+\.go:\d+|(?:unable to start|starting) container process(?: caused)?|unknown)$/;

/** What it says without its programs' names, as a sentence. */
export function startReason(said: string): string {
  const parts = said.split(": ");
  const left = parts.filter((part) => !TELLERS.test(part.trim()));
  return (left.length > 0 ? left : parts).join(": ").replace(/\.?$/, ".");
}

/** Was it one of those programs, so that only the engine's log tells more? */
const isDeep = (said: string) => said.split(": ").some((part) => TELLERS.test(part.trim()));

function adviceOf(said: string): string | null {
  for (const [words, sentence] of known) {
    const found = words.exec(said);
    if (found) return sentence(found[1] ?? "");
  }
  return null;
}

/**
 * Why a sandbox wasn't started ahead.
 * @param said the engine's own sentence, or one of Kiln's
 */
export function warmFailure(said: string): string {
  const short = `The last start failed: ${startReason(said)}`;
  const next = " Start a session by hand, and look at the engine’s log if that fails, too.";
  return adviceOf(said) ?? (isDeep(said) ? short + next : short);
}

/**
 * Why a session wasn't started.
 * @param said the engine's own sentence, or one of Kiln's
 */
export function sessionFailure(said: string): string {
  const short = `The engine couldn’t start it: ${startReason(said)} Start another one, and look at the engine’s log if that fails, too.`;
  return adviceOf(said) ?? (isDeep(said) ? short : said);
}
