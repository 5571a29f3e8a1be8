"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { profileQuery } from "@/lib/profiles/queries";
import type { ProfileWire } from "@/lib/profiles/wire";

/** The profile of this page: the layout put it into the cache, and events keep it fresh. */
export function useProfile(slug: string): ProfileWire {
  return useSuspenseQuery(profileQuery(slug)).data;
}
