/** Which cookies pass between a browser and what a session serves. Pure. */

/** What lets a browser in. With HTTPS its name makes the browser refuse it from any other host. */
export const PASS_COOKIE = "kiln-preview";
export const SECURE_PASS_COOKIE = `__Host-${PASS_COOKIE}`;

const OWN = new Set([PASS_COOKIE, SECURE_PASS_COOKIE]);
/** Those of the dashboard: a browser sends none of them here, unless somebody's domain makes it. */
const DASHBOARD = /^(?:__Secure-|__Host-)?next-auth\./i;
/** A page of another preview can put passes of its own beside ours; more than a few aren't tried. */
const MOST_PASSES = 8;

const nameOf = (pair: string) => (pair.split("=", 1)[0] ?? "").trim();

function pairsOf(header: string | undefined): string[] {
  return (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "");
}

/** The values of all passes that the browser shows, first those that no other host can have set. */
export function passesIn(header: string | undefined): string[] {
  const pairs = pairsOf(header);
  return [SECURE_PASS_COOKIE, PASS_COOKIE]
    .flatMap((name) => pairs.filter((pair) => nameOf(pair) === name))
    .slice(0, MOST_PASSES)
    .map((pair) => pair.slice(pair.indexOf("=") + 1));
}

/** What the session's program may see; undefined when nothing is left. */
export function forProgram(header: string | undefined): string | undefined {
  const left = pairsOf(header).filter((pair) => !OWN.has(nameOf(pair)) && !DASHBOARD.test(nameOf(pair)));
  return left.length > 0 ? left.join("; ") : undefined;
}

/**
 * What the browser may be told to keep: for this host only, so nothing that one session sets is seen by another; null for a
 * cookie with a name of ours.
 */
export function forBrowser(setCookie: string): string | null {
  const [pair = "", ...attributes] = setCookie.split(";");
  if (OWN.has(nameOf(pair)) || DASHBOARD.test(nameOf(pair))) return null;
  return [pair, ...attributes.filter((each) => !/^\s*domain\s*(?:=|$)/i.test(each))].join(";");
}

/** @param secure the browser came by HTTPS */
export function passCookie(value: string, { secure, seconds }: { secure: boolean; seconds: number }): string {
  const name = secure ? SECURE_PASS_COOKIE : PASS_COOKIE;
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}
