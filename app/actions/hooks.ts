"use server";

import { z } from "zod";
import { createHook as create, deleteHook as remove } from "@/lib/hooks/store.server";
import { hookInputSchema } from "@/lib/hooks/wire";
import { action } from "@/lib/web/action.server";

const profile = z.string().min(1).max(200);

export const createHook = action(
  "operator",
  hookInputSchema.extend({ profile }),
  (actor, { profile, ...input }) => create(actor, profile, input),
);

export const deleteHook = action(
  "operator",
  z.strictObject({ profile, id: z.uuid() }),
  async (actor, input) => {
    await remove(actor, input.profile, input.id);
    return null;
  },
);
