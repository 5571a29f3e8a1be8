/** What every part of the benchmark is given. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isActive } from "@/lib/snapshots/state";
import { baseImage } from "./address";
import { BuildKit } from "./buildkit";
import type { Cleanup } from "./cleanup";
import { docker, removeImage } from "./docker";
import { downloadPackages } from "./forty-packages";
import {
  type Bench,
  cancelAndWait,
  makeProfile,
  publish,
  type SpecChanges,
  snapshotsOf,
  untilReady,
} from "./kiln";
import { type PackageServer, servePackages } from "./package-server";
import type { Report } from "./report";

/** What can't be measured here; it says why, and the other parts go on. */
export class Unsupported extends Error {}

export class World {
  private folder: Promise<string> | undefined;
  private buildKit: Promise<BuildKit | null> | undefined;
  private profiles = 0;

  constructor(
    readonly bench: Bench,
    readonly report: Report,
    private readonly cleanup: Cleanup,
  ) {}

  /** Makes a profile with a draft, which is taken away at the end; answers its slug. */
  async draft(what: string, spec: SpecChanges): Promise<string> {
    this.profiles += 1;
    const slug = await makeProfile(this.bench, `Bench ${what} ${Date.now()}-${this.profiles}`, spec);
    this.cleanup.later(`profile ${slug}`, () => removeProfile(this.bench, slug));
    return slug;
  }

  /** The same, published. */
  async publish(what: string, spec: SpecChanges): Promise<{ slug: string; snapshotId: string }> {
    const slug = await this.draft(what, spec);
    return { slug, snapshotId: await publish(this.bench, slug) };
  }

  /** The same, ready: everything that is only done once is done then. */
  async ready(what: string, spec: SpecChanges): Promise<string> {
    const { slug, snapshotId } = await this.publish(what, spec);
    await untilReady(this.bench, snapshotId);
    return slug;
  }

  /** The folder of a package repository, filled at the first time. */
  packages(): Promise<string> {
    this.folder ??= this.download();
    return this.folder;
  }

  /** That folder behind HTTP, where containers reach it. */
  async repository(bytesPerSecond?: number): Promise<PackageServer> {
    const host = await hostAddress();
    const server = await servePackages(await this.packages(), host, bytesPerSecond).catch(
      (error: unknown) => {
        throw new Unsupported(`containers can't reach this machine (${String(error)})`);
      },
    );
    this.cleanup.later("package server", () => server.close());
    return server;
  }

  async buildKitOrNothing(): Promise<BuildKit | null> {
    this.buildKit ??= BuildKit.find().then((found) => {
      if (found) this.cleanup.later("build cache", () => found.remove());
      return found;
    });
    return this.buildKit;
  }

  /** Something else to take away at the end. */
  later(what: string, run: () => Promise<unknown>): void {
    this.cleanup.later(what, run);
  }

  private async download(): Promise<string> {
    this.report.say("  Downloading 40 packages and what they need, once");
    const folder = await mkdtemp(path.join(tmpdir(), "kiln-bench-packages-"));
    this.cleanup.later(folder, () => rm(folder, { recursive: true }));
    await downloadPackages(folder).catch((error: unknown) => {
      throw new Unsupported(`the packages can't be downloaded (${String(error).split("\n")[0]})`);
    });
    return folder;
  }
}

/** An archived profile keeps what it serves, so its images are removed by hand. */
async function removeProfile(bench: Bench, slug: string): Promise<void> {
  for (const { id, status } of await snapshotsOf(bench, slug))
    if (isActive(status)) await cancelAndWait(bench, id);
  const snapshots = await snapshotsOf(bench, slug);
  await bench.call("DELETE", `/profiles/${slug}`);
  for (const { image } of snapshots) if (image) await removeImage(image.reference);
}

/** This machine as a container sees it. The engine doesn't always know what its bridge's address is. */
async function hostAddress(): Promise<string> {
  const routes = await docker("run", "--rm", baseImage, "cat", "/proc/net/route");
  const gateway = /^\S+\s+00000000\s+([0-9A-F]{8})/m.exec(routes)?.[1];
  if (gateway === undefined) throw new Unsupported("containers have no network");
  // The kernel's order of bytes.
  return Buffer.from(gateway, "hex").reverse().join(".");
}
