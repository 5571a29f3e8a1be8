/** Where things stand in an image: pure. Paths come as a tar has them and are used without their first slash. */
import path from "node:path/posix";

export type Place = "dpkg" | "apk" | "npm" | "pip" | "rpm";

const python = String.raw`python\d[\w.]*\/(?:site|dist)-packages\/[^/]+\.(?:dist-info\/METADATA|egg-info(?:\/PKG-INFO)?)`;

/**
 * Debian's own `/usr/lib/python3/dist-packages` is left out: apt puts its packages there, and pip never does. Below
 * /opt are virtual environments and Node.js releases that people unpack there.
 */
const places: ReadonlyArray<readonly [RegExp, Place]> = [
  [/^var\/lib\/dpkg\/(?:status|status\.d\/[^/]+)$/, "dpkg"],
  [/^(?:usr\/)?lib\/apk\/db\/installed$/, "apk"],
  [
    /^(?:usr|usr\/local|opt\/[^/]+|root\/\.nvm\/versions\/node\/[^/]+)\/lib\/node_modules\/(?:@[^/]+\/)?[^/@][^/]*\/package\.json$/,
    "npm",
  ],
  [
    new RegExp(
      String.raw`^(?!usr/lib/python3/)(?:usr|usr\/local|opt(?:\/[^/]+){1,3}|root\/\.local)\/lib\/${python}$`,
    ),
    "pip",
  ],
  [/^(?:var\/lib|usr\/lib\/sysimage)\/rpm\/(?:Packages|Packages\.db|rpmdb\.sqlite)$/, "rpm"],
];

export function placeOf(file: string): Place | null {
  if (file.endsWith(".md5sums")) return null;
  return places.find(([pattern]) => pattern.test(file))?.[1] ?? null;
}

/** `./usr/bin/` and `/usr/bin` are `usr/bin`. */
export function plain(name: string): string {
  const normal = path.normalize(name).replace(/^(?:\.?\/)+/, "");
  return normal.endsWith("/") ? normal.slice(0, -1) : normal === "." ? "" : normal;
}

/** What the engine itself puts into every container. */
export function isEnginesOwn(file: string): boolean {
  return file === ".dockerenv" || /^(?:dev|proc|sys)(?:\/|$)/.test(file);
}

/** `/usr` of `usr/bin/node`; files beside the folders are in `/`. */
export function topFolder(file: string): string {
  const slash = file.indexOf("/");
  return slash < 0 ? "/" : `/${file.slice(0, slash)}`;
}

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The folders in which a program is found by its name alone. @param env `NAME=value` as an image has it */
export function programFolders(env: readonly string[]): Set<string> {
  const said = env.find((entry) => entry.startsWith("PATH="))?.slice("PATH=".length);
  return new Set((said || DEFAULT_PATH).split(":").filter(path.isAbsolute).map(plain));
}

/** Where a link leads, as a plain path. */
export function linkTarget(file: string, linkname: string): string {
  return plain(path.resolve("/", path.dirname(file), linkname));
}
