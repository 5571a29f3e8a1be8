import type { SessionWire } from "@/lib/sessions/wire";

/**
 * Why nothing can be done in the session now; null when something can.
 * @param what would be done: it begins the sentence.
 */
export function closedReason({ status }: SessionWire, may: boolean, what: string): string | null {
  if (!may) return `${what} takes an operator. Ask an administrator for that role.`;
  if (status === "running") return null;
  if (status === "queued" || status === "starting" || status === "resuming")
    return "The session is on its way. It can be worked in when it runs.";
  return status === "stopped" || status === "expired"
    ? "The session is stopped. Resume it to work in it."
    : `The session is ${status}.`;
}
