import { dehydrate, HydrationBoundary, type QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { makeQueryClient } from "@/app/query-client";
import { profileQuery } from "@/lib/profiles/queries";
import type { ProfileWire } from "@/lib/profiles/wire";

interface Props {
  slug: string;
  profile: ProfileWire;
  /** What else the browser's cache gets. */
  client?: QueryClient;
  children: ReactNode;
}

/**
 * Brings the profile into the browser's cache. Each page does so as well as the layout above it: a link's prefetch
 * takes the layout along, which may then be minutes old when the link is followed.
 */
export function ProfileData({ slug, profile, client = makeQueryClient(), children }: Props) {
  client.setQueryData(profileQuery(slug).queryKey, profile);
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
