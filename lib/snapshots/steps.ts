/** The steps of a build, in the order in which they run. */
export const stepNames = ["base-image", "files", "setup", "capture", "check", "promote"] as const;
export type StepName = (typeof stepNames)[number];

const titles: Record<StepName, string> = {
  "base-image": "Base image",
  files: "Files",
  setup: "Setup script",
  capture: "Capture",
  check: "Check",
  promote: "Promote",
};

/** A step's name for people; a name that this version doesn't know is shown as it is. */
export function stepTitle(name: string): string {
  return Object.hasOwn(titles, name) ? titles[name as StepName] : name;
}
