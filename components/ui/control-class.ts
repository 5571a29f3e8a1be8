/** Only for what is typed into: a button counts as read-only too. */
export const readOnlyClass = "read-only:border-border read-only:bg-sunken";

/** The box of everything that is typed into or chosen from. 16 px on touch, or iOS zooms in. */
export const controlClass = [
  "w-full min-w-0 rounded-md border border-control bg-surface text-sm text-ink transition-[border-color,background-color]",
  "placeholder:text-faint hover:not-disabled:not-data-disabled:border-muted",
  "focus-visible:border-focus focus-visible:outline-1 focus-visible:-outline-offset-1 focus-visible:outline-focus",
  "disabled:cursor-not-allowed disabled:border-border disabled:bg-sunken disabled:text-muted data-disabled:border-border data-disabled:bg-sunken data-disabled:text-muted",
  "aria-invalid:border-failed data-invalid:border-failed pointer-coarse:text-lg",
].join(" ");
