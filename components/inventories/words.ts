/** What is said of an inventory and of what changed. */
import { formatCount, formatSize } from "@/lib/format";
import type { ComparisonWire, InventoryOf, InventorySummary } from "@/lib/inventories/wire";

/** `+12.3 MB`, `−40 B`, `±0 B`. */
export function formatSizeDifference(bytes: number): string {
  return `${sign(bytes)}${formatSize(Math.abs(bytes))}`;
}

/** `+1,204`, `−3`, `±0`. */
export function formatCountDifference(count: number): string {
  return `${sign(count)}${Math.abs(count).toLocaleString("en")}`;
}

const sign = (value: number) => (value > 0 ? "+" : value < 0 ? "−" : "±");

type Counted = Pick<ComparisonWire, "packages" | "executables" | "files" | "bytes">;

/** Nothing at all, as far as an inventory can tell. */
export function isUnchanged({ packages, executables, files, bytes }: Counted): boolean {
  const lists = [packages.added, packages.removed, packages.changed, executables.added, executables.removed];
  return files === 0 && bytes === 0 && lists.every(({ length }) => length === 0);
}

/** `2 packages added, 1 changed`: only what there is. */
export function packageChanges({ added, removed, changed }: ComparisonWire["packages"]): string {
  const parts = [
    [added.length, "added"],
    [removed.length, "removed"],
    [changed.length, "changed"],
  ] as const;
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, what], index) =>
      index === 0 ? `${formatCount(count, "package")} ${what}` : `${count.toLocaleString("en")} ${what}`,
    );
  return words.length > 0 ? words.join(", ") : "The same packages";
}

/** `312 apt, 4 npm`; "none" where no manager is. */
export function packageCounts(packages: InventorySummary["packages"]): string {
  return packages.length === 0
    ? "none"
    : packages.map(({ manager, count }) => `${count.toLocaleString("en")} ${manager}`).join(", ");
}

/** `#3`, with its version where that is another one. */
export function nameBeside(other: InventoryOf, version: number): string {
  return other.version === version ? `#${other.number}` : `#${other.number} of version ${other.version}`;
}

/** Why nothing of it is shown. @param subject how the sentence begins @returns null when there is something to show. */
export function whyNoInventory(
  { state, error }: Pick<InventorySummary, "state" | "error">,
  subject = "It",
): string | null {
  if (state === "pending")
    return `${subject} is still being looked into. That takes a moment, and nothing waits for it.`;
  if (state === "given_up")
    return `${subject} could not be looked into: ${error ?? "its worker was lost each time."} Refresh the version for a new one.`;
  return state === "none" ? `${subject} has no image that could be looked into.` : null;
}
