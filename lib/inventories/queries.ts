/** Browser-safe query options of inventories. A page doesn't wait in a request: it is told when one is there. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { keys } from "@/lib/query-keys";
import { comparisonSchema, inventorySchema, inventorySummarySchema } from "./wire";

const path = (id: string, rest: string) => `/snapshots/${encodeURIComponent(id)}/${rest}`;

export const inventorySummaryQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.inventories, id, "summary"],
    queryFn: ({ signal }) => fetchJson(path(id, "inventory/summary"), inventorySummarySchema, signal),
  });

export const inventoryQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.inventories, id],
    queryFn: ({ signal }) => fetchJson(path(id, "inventory?wait=0"), inventorySchema, signal),
    retry: false,
  });

/** @param other null for the one before it */
export const comparisonQuery = (id: string, other: string | null) =>
  queryOptions({
    queryKey: [...keys.inventories, id, "compare", other],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams({ wait: "0", ...(other ? { with: other } : {}) });
      return fetchJson(path(id, `compare?${search}`), comparisonSchema, signal);
    },
    retry: false,
  });
