"use server";

import { z } from "zod";
import {
  createSecret as create,
  deleteSecret as remove,
  rotateSecret as rotate,
} from "@/lib/secrets/change.server";
import { secretName } from "@/lib/secrets/name";
import { namedSecretSchema } from "@/lib/secrets/wire";
import { action } from "@/lib/web/action.server";

export const createSecret = action("operator", namedSecretSchema, async (actor, input) => {
  await create(actor, input);
  return null;
});

export const rotateSecret = action("operator", namedSecretSchema, async (actor, input) => {
  await rotate(actor, input);
  return null;
});

export const deleteSecret = action(
  "operator",
  z.strictObject({ name: secretName }),
  async (actor, { name }) => {
    await remove(actor, name);
    return null;
  },
);
