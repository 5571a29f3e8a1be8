"use server";

import { z } from "zod";
import { clearCaches as clear } from "@/lib/caches/clear.server";
import { clearCachesSchema } from "@/lib/caches/wire";
import { createProfile as create } from "@/lib/profiles/create.server";
import {
  discardDraft as discard,
  createDraft as newDraft,
  publishDraft as publish,
  saveDraft as save,
} from "@/lib/profiles/draft.server";
import { addOwner as addPerson, removeOwner as removePerson } from "@/lib/profiles/owners.server";
import { pinVersion as pin } from "@/lib/profiles/pin.server";
import { specSchema } from "@/lib/profiles/spec";
import { tryDraft as tryIt } from "@/lib/profiles/try.server";
import { updateProfile as update } from "@/lib/profiles/update.server";
import {
  createProfileSchema,
  newDraftSchema,
  pinSchema,
  publishSchema,
  tryInputSchema,
  updateProfileSchema,
} from "@/lib/profiles/wire";
import { storable } from "@/lib/text";
import { action } from "@/lib/web/action.server";

/** A profile's id or slug. */
const profile = z.string().min(1).max(200);
const revision = z.int().min(1);

export const createProfile = action("operator", createProfileSchema, create);

export const updateProfile = action(
  "operator",
  updateProfileSchema.extend({ profile }),
  (actor, { profile, ...fields }) => update(actor, profile, fields),
);

export const saveDraft = action(
  "operator",
  z.strictObject({ profile, revision, spec: specSchema }),
  (actor, input) => save(actor, input.profile, input.revision, input.spec),
);

export const createDraft = action("operator", newDraftSchema.extend({ profile }), (actor, input) =>
  newDraft(actor, input.profile, input.from),
);

export const discardDraft = action("operator", z.strictObject({ profile }), async (actor, input) => {
  await discard(actor, input.profile);
  return null;
});

export const publishDraft = action(
  "operator",
  publishSchema.extend({ profile, revision }),
  (actor, { profile, ...input }) => publish(actor, profile, input),
);

/** Joins the try that is queued or running, if there is one. */
export const tryDraft = action(
  "operator",
  tryInputSchema.extend({ profile, revision: revision.optional() }),
  (actor, { profile, ...input }) => tryIt(actor, profile, input),
);

export const pinVersion = action(
  "operator",
  pinSchema.extend({ profile, version: z.int().min(1) }),
  (actor, input) => pin(actor, input.profile, input.version, input.pinned),
);

/** Asks for it: the answer says which caches go when no build uses them. */
export const clearCaches = action("operator", clearCachesSchema.extend({ profile }), (actor, input) =>
  clear(actor, input.profile, input.path),
);

/** `person`: a name or an e-mail. */
export const addOwner = action(
  "operator",
  z.strictObject({
    profile,
    person: storable(z.string().trim().min(1, "Give a name or an e-mail.").max(254)),
  }),
  (actor, input) => addPerson(actor, input.profile, input.person),
);

export const removeOwner = action("operator", z.strictObject({ profile, userId: z.uuid() }), (actor, input) =>
  removePerson(actor, input.profile, input.userId),
);
