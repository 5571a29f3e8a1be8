import type { ProfileFilter } from "@/lib/profiles/queries";

/** As many as the API gives when it isn't told. */
export const PAGE_SIZE = 25;

export interface ProfileSearch {
  q: string;
  archived: boolean;
  cursor: string;
}

/** The query's filter, from what is in the address. Server and browser must agree, or the first page loads twice. */
export function filterOf({ q, archived, cursor }: ProfileSearch): ProfileFilter {
  const query = q.trim().slice(0, 200);
  return { ...(query ? { query } : {}), ...(archived ? { archived } : {}), ...(cursor ? { cursor } : {}) };
}
