"use server";

import { z } from "zod";
import {
  redeliver as again,
  createChannel as create,
  deleteChannel as remove,
  testChannel as test,
} from "@/lib/channels/store.server";
import { channelInputSchema } from "@/lib/channels/wire";
import { action } from "@/lib/web/action.server";

const one = z.strictObject({ id: z.uuid() });

export const createChannel = action("admin", channelInputSchema, create);

export const deleteChannel = action("admin", one, async (actor, { id }) => {
  await remove(actor, id);
  return null;
});

export const testChannel = action("admin", one, (actor, { id }) => test(actor, id));

export const redeliver = action("admin", one, (actor, { id }) => again(actor, id));
