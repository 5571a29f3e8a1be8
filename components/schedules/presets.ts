/** What most people want of a schedule. */
export const presets = {
  hourly: { label: "Hourly", cron: "0 * * * *" },
  nightly: { label: "Nightly", cron: "0 3 * * *" },
  weekly: { label: "Weekly", cron: "0 3 * * 1" },
} as const;
export type Preset = keyof typeof presets | "custom";

const names = ["hourly", "nightly", "weekly"] as const;

export const presetOf = (cron: string): Preset =>
  names.find((name) => presets[name].cron === cron.trim().replace(/\s+/g, " ")) ?? "custom";

export const presetOptions: ReadonlyArray<{ value: Preset; label: string }> = [
  ...names.map((value) => ({ value, label: presets[value].label })),
  { value: "custom", label: "Custom" },
];
