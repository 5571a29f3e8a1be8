"use server";

import { z } from "zod";
import { setBackground as setAll } from "@/lib/schedules/background.server";
import { addBlackout as add, removeBlackout as take } from "@/lib/schedules/blackout.server";
import { blackoutInputSchema, scheduleInputSchema } from "@/lib/schedules/input";
import { putSchedule as put, deleteSchedule as remove } from "@/lib/schedules/store.server";
import { backgroundInputSchema, blackoutWindowSchema } from "@/lib/schedules/wire";
import { action } from "@/lib/web/action.server";

const version = { profile: z.string().min(1).max(200), version: z.int().min(1) };

export const putSchedule = action(
  "operator",
  scheduleInputSchema.extend(version),
  (actor, { profile, version, ...input }) => put(actor, profile, version, input),
);

export const deleteSchedule = action("operator", z.strictObject(version), async (actor, input) => {
  await remove(actor, input.profile, input.version);
  return null;
});

export const setBackground = action("operator", backgroundInputSchema, setAll);

export const addBlackout = action("operator", blackoutInputSchema, add);

/** Also one whose zone isn't known any more. */
export const removeBlackout = action("operator", blackoutWindowSchema, take);
