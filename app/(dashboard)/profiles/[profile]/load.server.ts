import { notFound } from "next/navigation";
import { cache } from "react";
import { AppError } from "@/lib/errors";
import { getProfile } from "@/lib/profiles/store.server";

/** The profile of the address, once a request; the page of what isn't there when there is none. */
export const loadProfile = cache(async (idOrSlug: string) => {
  try {
    return await getProfile(idOrSlug);
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
});
