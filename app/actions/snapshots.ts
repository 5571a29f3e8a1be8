"use server";

import { z } from "zod";
import { execSchema } from "@/lib/commands/wire";
import { runNext as next } from "@/lib/queue/queue.server";
import { cancelSnapshot as cancel } from "@/lib/snapshots/cancel.server";
import { execInKept as exec, releaseKept as release } from "@/lib/snapshots/kept.server";
import { refreshVersion as refresh } from "@/lib/snapshots/request.server";
import { serveSnapshot as serve } from "@/lib/snapshots/serve.server";
import { refreshInputSchema, serveSchema } from "@/lib/snapshots/wire";
import { refreshStale as refreshAll } from "@/lib/upstream/stale.server";
import { action } from "@/lib/web/action.server";

const id = z.uuid();
const version = { profile: z.string().min(1).max(200), version: z.int().min(1) };

/** Joins the snapshot that is queued or running, if there is one. */
export const refreshVersion = action("operator", refreshInputSchema.extend(version), (actor, input) =>
  refresh(actor, { ...input, trigger: "manual" }),
);

export const cancelSnapshot = action("operator", z.strictObject({ id }), (actor, input) =>
  cancel(actor, input.id),
);

export const runNext = action("operator", z.strictObject({ id }), (actor, input) => next(actor, input.id));

export const serveSnapshot = action("operator", serveSchema.extend({ id }), (actor, { id, reason }) =>
  serve(actor, id, reason),
);

export const execInKept = action("operator", execSchema.extend({ id }), (actor, { id, ...input }) =>
  exec(actor, id, input),
);

export const refreshStale = action("operator", z.strictObject({}), refreshAll);

export const releaseKept = action("operator", z.strictObject({ id }), (actor, input) =>
  release(actor, input.id),
);
