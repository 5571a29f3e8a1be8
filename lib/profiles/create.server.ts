/** Makes a profile with its first draft. */
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db, Prisma } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { slugOf } from "./slug";
import { defaultSpec } from "./spec";
import { getProfile } from "./store.server";
import type { createProfileSchema, ProfileWire } from "./wire";

const SLUG_TRIES = 50;

/** The slug comes from the name; when another profile has it, a number is added. */
export async function createProfile(
  actor: Actor,
  input: z.output<typeof createProfileSchema>,
): Promise<ProfileWire> {
  const base = slugOf(input.name);
  const spec = input.spec ?? defaultSpec(env().KILN_DEFAULT_BASE_IMAGE);
  for (let n = 1; n <= SLUG_TRIES; n += 1) {
    const slug = n === 1 ? base : `${base}-${n}`;
    try {
      return await db().$transaction(async (tx) => {
        const { id } = await tx.profile.create({
          data: {
            slug,
            name: input.name,
            description: input.description,
            createdBy: actor.name,
            updatedBy: actor.name,
            // A token is nobody who could be told.
            ...(actor.kind === "user" && actor.id ? { owners: { create: { userId: actor.id } } } : {}),
            versions: { create: { state: "draft", spec, updatedBy: actor.name } },
          },
          select: { id: true },
        });
        await recordAudit(tx, actor, "profile.create", { kind: "profile", id }, { slug });
        return getProfile(id, tx);
      });
    } catch (error) {
      // The unique index on the slug decides; the next number is tried.
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002") continue;
      throw error;
    }
  }
  throw new AppError(409, "name_taken", `${SLUG_TRIES} profiles have this name. Choose another one.`, [
    { path: "name", message: "Choose another name." },
  ]);
}
