"use server";

import { z } from "zod";
import { setBackground as setAll } from "@/lib/schedules/background.server";
import { scheduleInputSchema } from "@/lib/schedules/input";
import { putSchedule as put, deleteSchedule as remove } from "@/lib/schedules/store.server";
import { backgroundInputSchema } from "@/lib/schedules/wire";
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
