"use server";

import { z } from "zod";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession as remove } from "@/lib/sessions/delete.server";
import { extendSession as extend } from "@/lib/sessions/extend.server";
import { moveToNewest } from "@/lib/sessions/move.server";
import { resumeSession as resume } from "@/lib/sessions/resume.server";
import { stopSession as stop } from "@/lib/sessions/stop.server";
import { createSessionSchema, deleteSchema, extendSchema, moveSchema } from "@/lib/sessions/wire";
import { setPersistence as set } from "@/lib/volumes/allow.server";
import { persistenceInputSchema } from "@/lib/volumes/wire";
import { action } from "@/lib/web/action.server";

const id = z.uuid();

export const startSession = action("operator", createSessionSchema, createSession);

export const stopSession = action("operator", z.strictObject({ id }), (actor, input) =>
  stop(actor, input.id),
);

export const resumeSession = action("operator", z.strictObject({ id }), (actor, input) =>
  resume(actor, input.id),
);

export const extendSession = action("operator", extendSchema.extend({ id }), (actor, { id, hours }) =>
  extend(actor, id, hours),
);

export const deleteSession = action("operator", deleteSchema.extend({ id }), async (actor, input) => {
  await remove(actor, input.id, input.confirm);
  return null;
});

export const moveSession = action("operator", moveSchema.extend({ id }), (actor, { id, version }) =>
  moveToNewest(actor, id, version),
);

export const setPersistence = action("admin", persistenceInputSchema, set);
