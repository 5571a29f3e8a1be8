"use server";

import { z } from "zod";
import { cancelSnapshot as cancel } from "@/lib/snapshots/cancel.server";
import { refreshVersion as refresh } from "@/lib/snapshots/request.server";
import { serveSnapshot as serve } from "@/lib/snapshots/serve.server";
import { refreshInputSchema, serveSchema } from "@/lib/snapshots/wire";
import { action } from "@/lib/web/action.server";

const version = { profile: z.string().min(1).max(200), version: z.int().min(1) };

/** Joins the snapshot that is queued or running, if there is one. */
export const refreshVersion = action("operator", refreshInputSchema.extend(version), (actor, input) =>
  refresh(actor, { ...input, trigger: "manual" }),
);

export const cancelSnapshot = action("operator", z.strictObject({ id: z.uuid() }), (actor, { id }) =>
  cancel(actor, id),
);

export const serveSnapshot = action(
  "operator",
  serveSchema.extend({ id: z.uuid() }),
  (actor, { id, reason }) => serve(actor, id, reason),
);
