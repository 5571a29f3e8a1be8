/** Browser-safe query options of secrets. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { secretSchema } from "./wire";

/** Every secret's name, for choosing among them. */
export const secretNamesQuery = () =>
  queryOptions({
    queryKey: [...keys.secrets, "names"],
    queryFn: async ({ signal }) => {
      const names: string[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const after = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
        const page: { items: Array<{ name: string }>; nextCursor: string | null } = await fetchJson(
          `/secrets?limit=100${after}`,
          pageOf(secretSchema),
          signal,
        );
        names.push(...page.items.map(({ name }) => name));
        cursor = page.nextCursor;
      }
      return names;
    },
  });
