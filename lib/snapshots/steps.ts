/** The steps of a build, in the order in which they run. */
import { needsCacheFolders } from "@/lib/profiles/cache-paths";
import { type PackageManager, packageManagers } from "@/lib/profiles/plan-words";
import { splitSections } from "@/lib/profiles/setup-sections";
import { type Spec, specSchema } from "@/lib/profiles/spec";

const titles = {
  "base-image": "Base image",
  files: "Files",
  caches: "Cache folders",
  "packages:apt": "apt packages",
  "packages:npm": "npm packages",
  "packages:pip": "pip packages",
  repositories: "Repositories",
  setup: "Setup script",
  capture: "Capture",
  check: "Check",
  promote: "Promote",
} as const;

/** A setup script of several sections has a step for each: `setup:1`, `setup:2`, … */
export type SectionName = "setup" | `setup:${number}`;
export type StepName = keyof typeof titles | `packages:${PackageManager}` | SectionName;

export interface PlannedStep {
  name: StepName;
  /** What its author called it. */
  title: string | null;
}

/** A step's usual title; a name that this version doesn't know is shown as it is. */
export function stepTitle(name: string): string {
  const section = /^setup:(\d+)$/.exec(name);
  if (section) return `Setup script, part ${section[1]}`;
  return isTitled(name) ? titles[name] : name;
}

function isTitled(name: string): name is keyof typeof titles {
  return Object.hasOwn(titles, name);
}

/** The title of a step by its name, where the steps of the build are at hand. */
export function titleIn(steps: ReadonlyArray<{ name: string; title: string }>, name: string): string {
  return steps.find((step) => step.name === name)?.title ?? stepTitle(name);
}

export const sectionName = (index: number, count: number): SectionName =>
  count === 1 ? "setup" : `setup:${index + 1}`;

type Planned = Pick<
  Spec,
  "packages" | "repositories" | "setupScript" | "maintenanceScript" | "user" | "caches"
>;

/** What runs on top of a snapshot is the maintenance script, where there is one. */
export function scriptOf(
  spec: Pick<Planned, "setupScript" | "maintenanceScript">,
  onSnapshot: boolean,
): string {
  return onSnapshot && spec.maintenanceScript.trim() !== "" ? spec.maintenanceScript : spec.setupScript;
}

/** What people call the script that runs. */
export function scriptName(
  spec: Pick<Planned, "setupScript" | "maintenanceScript">,
  onSnapshot: boolean,
): "Setup script" | "Maintenance script" {
  return scriptOf(spec, onSnapshot) === spec.setupScript ? "Setup script" : "Maintenance script";
}

/** The title of a section that its author gave none; null for the usual one of its step. */
function untitled(script: ReturnType<typeof scriptName>, index: number, count: number): string | null {
  if (script === "Setup script") return null;
  return count === 1 ? script : `${script}, part ${index + 1}`;
}

/** The steps that this spec needs. Caches, packages and repositories have one only where there is something to do. */
export function planSteps(spec: Planned, onSnapshot = false): PlannedStep[] {
  const plain = (...names: StepName[]) => names.map((name): PlannedStep => ({ name, title: null }));
  const sections = splitSections(scriptOf(spec, onSnapshot));
  const script = scriptName(spec, onSnapshot);
  const last = sections.map(({ title }, index) => ({
    name: sectionName(index, sections.length),
    title: title ?? untitled(script, index, sections.length),
  }));
  if (onSnapshot) return [...plain("base-image", "files"), ...last, ...plain("capture", "check", "promote")];
  return [
    ...plain("base-image", "files"),
    ...(needsCacheFolders(spec) ? plain("caches") : []),
    ...packageManagers
      .filter((manager) => spec.packages[manager].length > 0)
      .flatMap((manager) => plain(`packages:${manager}`)),
    ...(spec.repositories.length > 0 ? plain("repositories") : []),
    ...last,
    ...plain("capture", "check", "promote"),
  ];
}

/** The same for a spec as it is stored; one that can't be read fails before its first step. */
export function stepsOf(stored: unknown, onSnapshot = false): PlannedStep[] {
  const spec = specSchema.safeParse(stored);
  const none = { packages: { apt: [], npm: [], pip: [] }, repositories: [], caches: [] };
  return planSteps(
    spec.success ? spec.data : { ...none, setupScript: "", maintenanceScript: "", user: "root" },
    onSnapshot,
  );
}
