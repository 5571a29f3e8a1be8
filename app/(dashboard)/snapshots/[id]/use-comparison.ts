"use client";

import { useQuery } from "@tanstack/react-query";
import { whyNoInventory } from "@/components/inventories/words";
import { comparisonQuery, inventorySummaryQuery } from "@/lib/inventories/queries";
import type { ComparisonWire, InventorySummary } from "@/lib/inventories/wire";

export interface ShownComparison {
  summary: InventorySummary | undefined;
  comparison: ComparisonWire | undefined;
  /** Why there is none. */
  why: string | null;
}

/**
 * A comparison, asked for only when both inventories are there: a browser takes each refusal for a fault.
 * @param other null for the one before it
 */
export function useComparison(id: string, other: string | null): ShownComparison {
  const own = useQuery(inventorySummaryQuery(id));
  const otherId = other ?? own.data?.previous?.id ?? "";
  const others = useQuery({ ...inventorySummaryQuery(otherId), enabled: otherId !== "" });
  const both = own.data?.state === "taken" && others.data?.state === "taken";
  const compared = useQuery({ ...comparisonQuery(id, other), enabled: both });
  return { summary: own.data, comparison: compared.data, why: why() };

  function why(): string | null {
    const error = own.error ?? others.error ?? compared.error;
    if (error) return error.message;
    if (!own.data) return null;
    if (own.data.state !== "taken") return whyNoInventory(own.data, `#${own.data.snapshot.number}`);
    if (otherId === "")
      return `There is no snapshot before #${own.data.snapshot.number} to compare it with. Choose another one, or refresh the version.`;
    return others.data ? whyNoInventory(others.data, `#${others.data.snapshot.number}`) : null;
  }
}
