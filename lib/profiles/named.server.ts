/** Profiles by what people and programs call them. */
import type { Tx } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { isUuid } from "@/lib/uuid";

export interface NamedProfile {
  id: string;
  slug: string;
  name: string;
}

/** @param given ids or slugs @throws AppError 422 that names the first one that isn't there. */
export async function namedProfiles(tx: Tx, given: readonly string[]): Promise<NamedProfile[]> {
  if (given.length === 0) return [];
  const profiles = await tx.profile.findMany({
    where: {
      OR: [
        { id: { in: given.filter(isUuid) } },
        { slug: { in: given.map((slug) => slug.replaceAll("\0", "\uFFFD")) } },
      ],
    },
    select: { id: true, slug: true, name: true },
    orderBy: { name: "asc" },
  });
  const missing = given.findIndex((each) => !profiles.some(({ id, slug }) => each === id || each === slug));
  if (missing >= 0)
    throw new AppError(422, "invalid_input", `There is no profile ${given[missing]}.`, [
      { path: `profiles.${missing}`, message: `There is no profile ${given[missing]}.` },
    ]);
  return profiles;
}
