import { notFound } from "next/navigation";
import { cache } from "react";
import { AppError } from "@/lib/errors";
import { getProfile } from "@/lib/profiles/store.server";
import type { ProfileWire } from "@/lib/profiles/wire";

/** The profile of the address, once a request, or null. */
export const findProfile = cache(async (idOrSlug: string): Promise<ProfileWire | null> => {
  try {
    return await getProfile(idOrSlug);
  } catch (error) {
    if (error instanceof AppError && error.status === 404) return null;
    throw error;
  }
});

/** The profile of the address; the page of what isn't there when there is none. */
export async function loadProfile(idOrSlug: string): Promise<ProfileWire> {
  return (await findProfile(idOrSlug)) ?? notFound();
}
