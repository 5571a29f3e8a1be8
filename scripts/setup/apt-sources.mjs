/** This machine's Debian mirrors, so that a base image made here takes its packages from where the machine does. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { run } from "./commands.mjs";

/** @typedef {{ uri: string, suite: string, components: string[] }} Source */

/**
 * The one-line format: `deb [options] uri suite component…`.
 * @param {string} text
 * @returns {Source[]}
 */
export function parseList(text) {
  return text.split("\n").flatMap((line) => {
    const fields = line
      .replace(/#.*/, "")
      .replace(/\[[^\]]*\]/, "")
      .trim()
      .split(/\s+/);
    const [kind, uri, suite, ...components] = fields;
    return kind === "deb" && uri && suite ? [{ uri, suite, components }] : [];
  });
}

/**
 * The stanza format (deb822) of `*.sources`.
 * @param {string} text
 * @returns {Source[]}
 */
export function parseStanzas(text) {
  const withoutComments = text.replace(/^#.*\n?/gm, "");
  return withoutComments.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (/** @type {string} */ name) => {
      const value = new RegExp(`^${name}:((?:.*\\n?)(?:[ \\t].*\\n?)*)`, "im").exec(stanza)?.[1];
      return value?.trim().split(/\s+/).filter(Boolean) ?? [];
    };
    if (!field("Types").includes("deb") || field("Enabled")[0] === "no") return [];
    const components = field("Components");
    return field("URIs").flatMap((uri) => field("Suites").map((suite) => ({ uri, suite, components })));
  });
}

/**
 * The sources of one Debian release: itself, its updates, its security fixes. Third parties' are left out.
 * @param {Source[]} sources
 * @param {string} release
 * @returns {Source[]}
 */
export function sourcesOf(sources, release) {
  const suites = [release, `${release}-updates`, `${release}-security`, `${release}/updates`];
  return suites.flatMap((suite) => {
    const found = sources.find(
      (source) => source.suite === suite && source.components.includes("main") && /^https?:/.test(source.uri),
    );
    return found ? [{ ...found, components: ["main"] }] : [];
  });
}

/** What this machine's own apt reads. */
export function readSources(folder = "/etc/apt") {
  const parts = path.join(folder, "sources.list.d");
  const files = [path.join(folder, "sources.list")];
  if (existsSync(parts)) files.push(...readdirSync(parts).map((name) => path.join(parts, name)));
  return files.filter(existsSync).flatMap((file) => {
    if (file.endsWith(".sources")) return parseStanzas(readFileSync(file, "utf8"));
    return file.endsWith(".list") ? parseList(readFileSync(file, "utf8")) : [];
  });
}

/**
 * The settings without which this machine's apt couldn't fetch: a proxy, or a mirror frozen in time. A proxy on the
 * loopback is left out, because inside a container that is the container itself.
 * @param {string} dump what `apt-config dump` printed
 */
export function fetchSettings(dump) {
  const wanted = /^Acquire::(https?::Proxy(::[^ ]+)?|Check-Valid-Until|Check-Date) "(.+)";$/;
  return dump.split("\n").filter((line) => wanted.test(line) && !/127\.0\.0\.1|localhost|\[::1\]/.test(line));
}

export async function readFetchSettings() {
  return fetchSettings(await run("apt-config", ["dump"], { deadlineMs: 15_000 }));
}
