/** Profiles and versions as people make them: through the use cases. */
import { createProfile } from "@/lib/profiles/create.server";
import { createDraft, publishDraft, saveDraft } from "@/lib/profiles/draft.server";
import { type Spec, type SpecInput, specSchema } from "@/lib/profiles/spec";
import type { ProfileWire, VersionWire } from "@/lib/profiles/wire";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { nextNumber } from "./numbers";
import { operator } from "./people";

/** A whole spec from the parts that a test is about. */
export function makeSpec(parts: Partial<SpecInput> = {}): Spec {
  return specSchema.parse({ baseImage: "busybox:1.36", setupScript: "echo hello\n", ...parts });
}

/** A profile that has only its first draft. */
export function makeProfile(
  parts: Partial<SpecInput> = {},
  name = `Profile ${nextNumber()}`,
): Promise<ProfileWire> {
  return createProfile(operator, { name, description: "", spec: makeSpec(parts) });
}

export interface Published {
  profile: ProfileWire;
  version: VersionWire;
  /** Queued by the publishing. */
  snapshot: SnapshotWire;
}

/** A profile with version 1, whose first snapshot is queued. */
export async function publishProfile(parts: Partial<SpecInput> = {}): Promise<Published> {
  const profile = await makeProfile(parts);
  return { profile, ...(await publishDraft(operator, profile.id, { notes: "" })) };
}

/** The next version of a profile that has no draft, with `parts` changed. */
export async function publishNext(
  profile: string,
  parts: Partial<SpecInput> = {},
): Promise<{ version: VersionWire; snapshot: SnapshotWire }> {
  const draft = await createDraft(operator, profile);
  await saveDraft(operator, profile, draft.revision, specSchema.parse({ ...draft.spec, ...parts }));
  return publishDraft(operator, profile, { notes: "" });
}
