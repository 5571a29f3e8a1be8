/** How large a log's text is, and how tall its lines are then. */
export const textSizes = ["normal", "small", "large", "larger"] as const;
export type TextSize = (typeof textSizes)[number];

export const sizes: Record<TextSize, { label: string; linePx: number; className: string }> = {
  small: { label: "Small", linePx: 18, className: "text-[11px]" },
  normal: { label: "Normal", linePx: 20, className: "text-xs" },
  large: { label: "Large", linePx: 24, className: "text-[15px]" },
  larger: { label: "Larger", linePx: 30, className: "text-[19px]" },
};

/** From the smallest to the largest. */
export const sizeOrder = ["small", "normal", "large", "larger"] as const satisfies readonly TextSize[];

/** One size up or down, as far as there is one. */
export function sizeBeside(size: TextSize, by: 1 | -1): TextSize {
  return sizeOrder[sizeOrder.indexOf(size) + by] ?? size;
}
