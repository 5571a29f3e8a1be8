/** How full an hour looks; the legend and the grid share it. */

/** From a little to all, each with how much it begins at. */
export const busyLevels = [
  { from: 0.75, className: "bg-accent/55", label: "75 % and more" },
  { from: 0.5, className: "bg-accent/40", label: "50 %" },
  { from: 0.25, className: "bg-accent/25", label: "25 %" },
  { from: Number.MIN_VALUE, className: "bg-accent/12", label: "Below 25 %" },
] as const;

export const busyClass = (busy: number): string =>
  busyLevels.find(({ from }) => busy >= from)?.className ?? "";

/** Of hours in which a blackout holds. */
export const hatched =
  "bg-[repeating-linear-gradient(135deg,transparent_0_5px,var(--border-strong)_5px_6px)]";

/** "12 %"; what is more than nothing isn't 0. */
export const percent = (busy: number): string =>
  busy > 0 && busy < 0.01 ? "<1 %" : `${Math.round(busy * 100)} %`;
