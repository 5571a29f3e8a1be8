/** For tests: builds of many kinds, one after the other, and what each of them has to come to. */
import { setTimeout as pause } from "node:timers/promises";
import { db } from "@/lib/db/client.server";
import { insist } from "@/lib/db/insist.server";
import { AppError } from "@/lib/errors";
import { createProfile } from "@/lib/profiles/create.server";
import { createDraft, publishDraft, saveDraft } from "@/lib/profiles/draft.server";
import { type Spec, type SpecInput, specSchema } from "@/lib/profiles/spec";
import { getDraft } from "@/lib/profiles/store.server";
import { tryDraft } from "@/lib/profiles/try.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import type { Failure } from "@/lib/snapshots/failure";
import { refreshVersion } from "@/lib/snapshots/request.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { BUSYBOX } from "@/worker/containers/docker/testing/engine";
import { ended, operator } from "./builds";
import type { Chance } from "./random";

/** Lines that every script prints, each with its number. */
export const LINES = 12;
const counted = `i=0; while [ $i -lt ${LINES} ]; do i=$((i+1)); echo line $i; echo err $i >&2; sleep 0.05; done`;
const section = (name: string, more = "") => `## step: ${name}\n${counted}\n${more}\necho ${name} >> /made\n`;

/** How a build is asked for. */
export type Way = "publish" | "refresh" | "incremental" | "try";
export type Kind = "plain" | "sections" | "checked" | "fails" | "refused";

/** What differs from one version to the next is in the last section, or in the first. */
function specOf(kind: Kind, first: number, last: number): Spec {
  const sections = section("one", `# ${first}`) + section("two") + section("three", `# ${last}`);
  const kinds: Record<Kind, Partial<SpecInput>> = {
    plain: {
      setupScript: `${counted}\n# ${first} ${last}`,
      maintenanceScript: `${counted}; echo kept >> /made`,
    },
    sections: { setupScript: sections, files: [{ path: "/given", content: `${first}` }] },
    checked: { setupScript: sections, check: `test -s /made; ${counted}` },
    fails: { setupScript: `${section("one", `# ${first}`)}${section("two", "exit 3")}` },
    refused: { setupScript: `${section("one")}# ${last}`, check: `${counted}; exit 4` },
  };
  const resources = { cpus: 1, memoryMb: 128, pids: 64 };
  return specSchema.parse({ baseImage: BUSYBOX, resources, network: "none", ...kinds[kind] });
}

export interface SoakBuild {
  snapshot: SnapshotWire;
  kind: Kind;
  cancelled: boolean;
}

/** Why this end isn't what the build had to come to; null when it is. */
export function wrongEnd({ snapshot, kind, cancelled }: SoakBuild): string | null {
  const { status, failure } = snapshot;
  const codes: Partial<Record<Kind, Failure["code"]>> = { fails: "setup_failed", refused: "check_failed" };
  const expected = codes[kind] ?? "ready";
  const end = status === "failed" ? (failure?.code ?? "failed") : status;
  // One that was asked to cancel can fail first, but not become ready any more (F08).
  if (cancelled ? status === "cancelled" || (end === expected && end !== "ready") : end === expected)
    return null;
  return `#${snapshot.number} (${kind}, ${snapshot.trigger}, ${snapshot.id}) ended as ${end} instead of ${cancelled ? "cancelled" : expected}: ${failure?.message ?? ""}`;
}

/** One profile of each kind, and builds of them in turns; never two at once. */
export class Lane {
  private readonly slugs = new Map<Kind, string>();
  private count = 0;

  constructor(
    private readonly name: string,
    private readonly chance: Chance,
    private readonly kinds: readonly [Kind, ...Kind[]],
    private readonly ways: readonly [Way, ...Way[]],
  ) {}

  /** The first build of each kind. */
  prepare(): Promise<SoakBuild[]> {
    return Promise.all(
      this.kinds.map(async (kind) => {
        const id = await this.begin(kind, 1);
        return { snapshot: await ended(id, 90_000), kind, cancelled: false };
      }),
    );
  }

  async next(): Promise<SoakBuild> {
    const kind = this.chance.pick(this.kinds);
    const cancels = this.chance.next() < 0.2;
    const after = this.chance.between(0, 1_500);
    // Asking again is safe where it joins what the first question, whose answer was cut off, began.
    const id = await insist(() => this.ask(kind));
    let cancelled = false;
    if (cancels) {
      await pause(after);
      cancelled = await insist(() => cancel(id));
    }
    return { snapshot: await ended(id, 90_000), kind, cancelled };
  }

  private async ask(kind: Kind): Promise<string> {
    const slug = this.slugs.get(kind);
    const trigger = "manual" as const;
    this.count += 1;
    const way = this.chance.pick(this.ways);
    const first = this.chance.pick([1, 1, 2]);
    if (!slug) return this.begin(kind, first);
    if (way === "publish" || way === "try") {
      const { revision } = await draftOf(slug);
      await saveDraft(operator, slug, revision, specOf(kind, first, this.count));
      if (way === "try") return (await tryDraft(operator, slug, { keepOnFailure: false })).snapshot.id;
      return (await publishDraft(operator, slug, { notes: "" })).snapshot.id;
    }
    const version = await newest(slug);
    const full = () => refreshVersion(operator, { profile: slug, version, trigger, mode: "full" });
    const asked =
      way === "refresh"
        ? full()
        : refreshVersion(operator, { profile: slug, version, trigger, mode: "incremental" }).catch(
            (error: unknown) => {
              if (!(error instanceof AppError && error.code === "no_serving_snapshot")) throw error;
              return full();
            },
          );
    return (await asked).snapshot.id;
  }

  private async begin(kind: Kind, first: number): Promise<string> {
    const name = `Soak ${this.name} ${kind}`;
    const spec = specOf(kind, first, this.count);
    const { slug } = await createProfile(operator, { name, description: "", spec });
    this.slugs.set(kind, slug);
    // Some have much to be removed, and some have nothing.
    await updateProfile(operator, slug, { keepSnapshots: this.chance.pick([1, 2, 5]) });
    return (await publishDraft(operator, slug, { notes: "" })).snapshot.id;
  }
}

async function draftOf(slug: string) {
  try {
    return await getDraft(slug);
  } catch (error) {
    if (!(error instanceof AppError && error.code === "no_draft")) throw error;
    return createDraft(operator, slug);
  }
}

async function newest(slug: string): Promise<number> {
  const { number } = await db().version.findFirstOrThrow({
    where: { profile: { slug }, state: "published" },
    orderBy: { number: "desc" },
  });
  return number ?? 1;
}

/** @returns false when it had ended already. */
async function cancel(id: string): Promise<boolean> {
  try {
    await cancelSnapshot(operator, id);
    return true;
  } catch (error) {
    if (!(error instanceof AppError && error.code === "already_ended")) throw error;
    return false;
  }
}
