/** Which headers pass between a browser and what a session serves. Pure. */
import { forBrowser, forProgram } from "./cookies";
import { parseHost } from "./name";

export type Given = Readonly<Record<string, readonly string[] | undefined>>;
export type Passed = Record<string, string | string[]>;

/** They are about one connection, and end with it. */
const HOP_BY_HOP = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade", "http2-settings"],
]);
/** Answered on the way. */
const ANSWERED = "expect";
/** Said anew by Kiln, or not at all: whoever sends them could say anything. */
const FORWARDED = /^(?:forwarded|x-forwarded-.*|x-real-ip|via)$/;
/** They would reach beyond this one host: to its neighbours' cookies, or to other ports and protocols. */
const TOO_FAR = new Set(["clear-site-data", "alt-svc", "strict-transport-security", "public-key-pins"]);
/** Orders to what is in front of Kiln, which serves files of its own or caches for many; and what tells Kiln's own answers. */
const NOT_THE_PROGRAMS = new Set([
  ...["x-accel-redirect", "x-accel-expires", "x-sendfile", "x-lighttpd-send-file", "x-reproxy-url"],
  ...["surrogate-control", "x-litespeed-cache-control", "x-kiln-preview"],
]);
const FOR_CDNS = /cdn-cache-control$/;
/** How tokens of Kiln begin; one that is sent here by mistake isn't for the session. */
const OWN_TOKEN = /^bearer\s+kiln_/i;

/** Everything but what is about the connection, by lower-case names. */
export function endToEnd(given: Given): Passed {
  const named = (given.connection ?? []).flatMap((value) =>
    value.split(",").map((name) => name.trim().toLowerCase()),
  );
  const passed: Passed = {};
  for (const [name, values] of Object.entries(given)) {
    const [first] = values ?? [];
    if (!values || first === undefined || HOP_BY_HOP.has(name) || named.includes(name)) continue;
    passed[name] = values.length === 1 ? first : [...values];
  }
  return passed;
}

export interface Browser {
  /** As it names the preview. */
  host: string;
  secure: boolean;
  address: string;
}

/** From the web to the worker: as the browser sent them, with who it is. */
export function toGateway(given: Given, { host, secure, address }: Browser): Passed {
  const passed = endToEnd(given);
  for (const name of Object.keys(passed)) if (FORWARDED.test(name) || name === ANSWERED) delete passed[name];
  const port = /:(\d+)$/.exec(host)?.[1] ?? (secure ? "443" : "80");
  return {
    ...passed,
    host,
    "x-forwarded-for": address,
    "x-forwarded-host": host,
    "x-forwarded-port": port,
    "x-forwarded-proto": secure ? "https" : "http",
  };
}

/** From the worker into the session: nothing by which anybody is known to Kiln. */
export function toProgram(given: Given): Passed {
  const { cookie: _, ...passed } = endToEnd(given);
  const cookie = forProgram(given.cookie?.join("; "));
  if (OWN_TOKEN.test(given.authorization?.[0] ?? "")) delete passed.authorization;
  return cookie === undefined ? passed : { ...passed, cookie };
}

/** From the session to the browser. @param port the program's own: what leads to itself there leads to the preview */
export function toBrowser(given: Given, port: number): Passed {
  const { "set-cookie": _, location, ...passed } = endToEnd(given);
  for (const name of Object.keys(passed))
    if (TOO_FAR.has(name) || NOT_THE_PROGRAMS.has(name) || FOR_CDNS.test(name)) delete passed[name];
  const cookies = (given["set-cookie"] ?? []).flatMap((each) => forBrowser(each) ?? []);
  return {
    ...passed,
    "cache-control": forOneBrowser(given["cache-control"]),
    ...(cookies.length > 0 ? { "set-cookie": cookies } : {}),
    ...(typeof location === "string" ? { location: withoutOwnHost(location, port) } : {}),
  };
}

/** A cache that many use would show it to whoever has no pass. */
function forOneBrowser(given: readonly string[] = []): string {
  const said = given
    .join(",")
    .replace(/="[^"]*"/g, "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "" && !/^(?:public|private|s-maxage)$|^s-maxage\s*=|"/i.test(each));
  return (said.includes("no-store") ? said : ["private", ...said]).join(", ");
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/;

/** Many programs redirect to the address that they know of themselves, which isn't the browser's. */
function withoutOwnHost(location: string, port: number): string {
  if (!/^https?:\/\//i.test(location) || !URL.canParse(location)) return location;
  const url = new URL(location);
  if (!LOOPBACK.test(url.hostname) || Number(url.port || "80") !== port) return location;
  // Two slashes would begin with another host.
  const path = url.pathname.replace(/^\/(?=\/)/, "/./");
  return `${path}${url.search}${url.hash}`;
}

/**
 * Does the request come from where it may? A page of another preview, or any other, can make a browser send requests here,
 * and browsers take all previews for one site, so that their cookies come along.
 * @returns true for addresses that are typed or followed, and for pages of any port of the same session.
 */
export function isFromOwnPages(given: Given): boolean {
  const one = (name: string) => given[name]?.[0];
  const own = parseHost(one("host"));
  const site = one("sec-fetch-site");
  const origin = one("origin") ?? (site === undefined || site === "none" ? undefined : one("referer"));
  const isNavigation = one("sec-fetch-mode") === "navigate" && one("sec-fetch-dest") === "document";
  if (isNavigation && one("origin") === undefined) return true;
  if (site === "same-origin" || site === "none") return true;
  if (origin === undefined) return site === undefined;
  const from = URL.canParse(origin) ? parseHost(new URL(origin).host) : null;
  return (
    from !== null && own !== null && from.domain === own.domain && from.name.session === own.name.session
  );
}
