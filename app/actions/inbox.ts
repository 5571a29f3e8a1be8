"use server";

import { z } from "zod";
import { markRead as mark } from "@/lib/inbox/store.server";
import { defaultsInputSchema, readInputSchema, subscribeInputSchema } from "@/lib/inbox/wire";
import { subscribe as add, unsubscribe as remove, setDefaults as set } from "@/lib/inbox/wishes.server";
import { action } from "@/lib/web/action.server";

/** Of the person's own messages: these, or all. */
export const markRead = action("viewer", readInputSchema, async (_actor, { ids }, user) => ({
  unread: await mark(user.id, ids),
}));

export const setDefaults = action("viewer", defaultsInputSchema, async (_actor, input, user) => {
  await set(user.id, input);
  return null;
});

export const subscribe = action("viewer", subscribeInputSchema, async (_actor, input, user) => {
  await add(user.id, input);
  return null;
});

export const unsubscribe = action(
  "viewer",
  z.strictObject({ id: z.uuid() }),
  async (_actor, { id }, user) => {
    await remove(user.id, id);
    return null;
  },
);
