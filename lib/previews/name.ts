/**
 * A preview's host names what it shows: `8080-0193a1b2….preview.localhost` is port 8080 of the session with that id, without
 * its dashes. So whoever reads a host knows where it leads, and each port of each session is an origin of its own. Pure.
 */

export interface PreviewName {
  session: string;
  port: number;
}

/** Browsers take every name under `localhost` for the machine that they are on. */
export const LOCAL_DOMAIN = "preview.localhost";

const LABEL = /^([1-9]\d{0,4})-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;
const MAX_PORT = 65_535;

export function labelOf({ session, port }: PreviewName): string {
  return `${port}-${session.replaceAll("-", "").toLowerCase()}`;
}

function parseLabel(label: string): PreviewName | null {
  const found = LABEL.exec(label);
  if (!found || Number(found[1]) > MAX_PORT) return null;
  return { port: Number(found[1]), session: found.slice(2).join("-") };
}

/** A host as a request names it, without its port; null for what is no name at all. */
export function hostnameOf(host: string | undefined): string | null {
  const found = /^([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.?(?::\d{1,5})?$/i.exec(host ?? "");
  return found?.[1]?.toLowerCase() ?? null;
}

/** What the host shows, and the domain that it is under; null unless its first label names a preview. */
export function parseHost(host: string | undefined): { name: PreviewName; domain: string } | null {
  const hostname = hostnameOf(host);
  const dot = hostname?.indexOf(".") ?? -1;
  if (!hostname || dot < 0) return null;
  const name = parseLabel(hostname.slice(0, dot));
  return name && { name, domain: hostname.slice(dot + 1) };
}

/**
 * Is the host one for previews, whether or not there is such a preview, or even such a name? Nothing else may be served there:
 * browsers go to `a_b.preview.localhost`, too, with the cookies that a preview set for the whole domain.
 */
export function isUnder(host: string | undefined, domains: readonly string[]): boolean {
  // A chain of proxies names several.
  const hostnames = (host ?? "")
    .split(",")
    .map((each) => withoutDots(each.trim().toLowerCase().split(":", 1)[0] ?? ""));
  return hostnames.some((hostname) =>
    domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`)),
  );
}

/** No expression: one that looks for what is at the end takes seconds over a header that is full of it. */
function withoutDots(hostname: string): string {
  let end = hostname.length;
  while (hostname[end - 1] === ".") end -= 1;
  return hostname.slice(0, end);
}
