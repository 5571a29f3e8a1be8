/** The base image that new profiles start from: Debian's slim image where a registry answers, else made here. */
import { spawn } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { makeDebianTree } from "./debootstrap.mjs";
import { askEngine, hasImage, importImage, requireEngine } from "./docker-api.mjs";
import { dataFolder } from "./paths.mjs";
import { Refusal } from "./refusal.mjs";

/** What is made or pulled; KILN_DEFAULT_BASE_IMAGE may name another image that is there already. */
export const madeImage = "kiln/base:bookworm";
const upstream = { name: "debian", tag: "bookworm-slim" };

/**
 * @param {string} dockerHost
 * @param {(what: string) => void} say
 * @returns {Promise<string>} the image's reference
 */
export async function provideBaseImage(dockerHost, say) {
  const named = process.env.KILN_DEFAULT_BASE_IMAGE || madeImage;
  if (await hasImage(dockerHost, named)) return named;
  if (named !== madeImage) {
    say(`pulling ${named}`);
    const failure = await pull(dockerHost, named);
    if (failure) throw new Refusal(`The image ${named} of KILN_DEFAULT_BASE_IMAGE can't be had: ${failure}`);
    return named;
  }
  const reference = `${upstream.name}:${upstream.tag}`;
  say(`pulling ${reference}`);
  if (!(await pull(dockerHost, reference))) {
    await tagImage(dockerHost, reference, madeImage);
    return madeImage;
  }
  await makeImage(dockerHost, say);
  return madeImage;
}

/**
 * A registry that can't be reached may hang instead of refusing, so its first word is waited for only briefly.
 * @param {string} dockerHost @param {string} reference
 * @returns {Promise<string | null>} why not, or null when the image is there
 */
async function pull(dockerHost, reference) {
  const query = new URLSearchParams({ fromImage: reference });
  const options = { method: "POST", silenceMs: 20_000, deadlineMs: 300_000 };
  try {
    await requireEngine(dockerHost, `/images/create?${query}`, options);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  // A connection that was cut ends the stream like a success does: only the image itself is proof.
  return (await hasImage(dockerHost, reference)) ? null : "the pull ended early";
}

/** @param {string} dockerHost @param {string} from @param {string} to */
async function tagImage(dockerHost, from, to) {
  const [repo = to, tag = "latest"] = to.split(":");
  const query = new URLSearchParams({ repo, tag });
  const { status, body } = await askEngine(dockerHost, `/images/${from}/tag?${query}`, { method: "POST" });
  if (status !== 201) throw new Error(`The engine would not tag ${from} as ${to}: ${body.trim()}`);
}

/** @param {string} dockerHost @param {(what: string) => void} say */
async function makeImage(dockerHost, say) {
  const workshop = dataFolder("base-image");
  for (const left of readdirSync(workshop))
    rmSync(path.join(workshop, left), { recursive: true, force: true });
  const tree = path.join(workshop, "tree");
  try {
    await makeDebianTree(tree, say);
    await importFolder(dockerHost, madeImage, tree, [
      'CMD ["/bin/bash"]',
      "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ]);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/**
 * @param {string} dockerHost
 * @param {string} reference
 * @param {string} folder
 * @param {string[]} changes
 */
export async function importFolder(dockerHost, reference, folder, changes) {
  const args = ["--directory", folder, "--one-file-system", "--numeric-owner", "--create", "."];
  const tar = spawn("tar", args, { stdio: ["ignore", "pipe", "inherit"] });
  /** @type {Promise<void>} */
  const complete = new Promise((resolve, reject) => {
    tar.once("error", reject);
    tar.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with code ${code}`))));
  });
  await Promise.all([importImage(dockerHost, reference, tar.stdout, changes), complete]);
}
