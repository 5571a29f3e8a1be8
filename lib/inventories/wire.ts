/** Inventories as they cross to the browser and the API. */
import { z } from "zod";
import { folderSchema, managerSchema, packageSchema } from "./content";

/** A snapshot by what people call it. */
export const inventoryOfSchema = z.object({
  id: z.uuid(),
  number: z.number().int(),
  version: z.number().int(),
  profile: z.object({ slug: z.string(), name: z.string() }),
});
export type InventoryOf = z.infer<typeof inventoryOfSchema>;

export const inventorySchema = z.object({
  snapshot: inventoryOfSchema,
  takenAt: z.iso.datetime(),
  packages: z.array(packageSchema),
  /** Programs on `PATH` that the base image doesn't have; all of them when `baseKnown` is false. */
  executables: z.array(z.string()),
  /** All programs on `PATH`. */
  executablesOnPath: z.number().int(),
  baseKnown: z.boolean(),
  folders: z.array(folderSchema),
  files: z.number().int(),
  bytes: z.number(),
  /** Package managers whose lists are there and can't be read. */
  unreadable: z.array(z.string()),
  /** There was more than is kept. */
  truncated: z.boolean(),
});
export type InventoryWire = z.infer<typeof inventorySchema>;

/** `none`: its image was never there, or was removed before. */
export const inventoryStates = ["taken", "pending", "given_up", "none"] as const;
export type InventoryState = (typeof inventoryStates)[number];

export const inventorySummarySchema = z.object({
  snapshot: inventoryOfSchema,
  state: z.enum(inventoryStates),
  tries: z.number().int(),
  /** Why the last try failed. */
  error: z.string().nullable(),
  takenAt: z.iso.datetime().nullable(),
  packages: z.array(z.object({ manager: managerSchema, count: z.number().int() })),
  /** Programs on `PATH` that the base image doesn't have; all of them when `baseKnown` is false. */
  executables: z.number().int(),
  baseKnown: z.boolean(),
  files: z.number().int(),
  bytes: z.number(),
  unreadable: z.array(z.string()),
  /** What it is compared with unless somebody says otherwise. */
  previous: inventoryOfSchema.nullable(),
});
export type InventorySummary = z.infer<typeof inventorySummarySchema>;

export const comparisonSchema = z.object({
  snapshot: inventoryOfSchema,
  /** Chosen by whoever asked, or the one before it: of its version, else of the version before. */
  with: inventoryOfSchema.extend({ chosen: z.enum(["asked", "earlier_snapshot", "earlier_version"]) }),
  packages: z.object({
    added: z.array(packageSchema),
    removed: z.array(packageSchema),
    changed: z.array(
      z.object({ manager: managerSchema, name: z.string(), from: z.string(), to: z.string() }),
    ),
  }),
  executables: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
  folders: z.array(folderSchema),
  /** Differences: positive when the snapshot has more than the other one. */
  files: z.number().int(),
  bytes: z.number(),
  truncated: z.boolean(),
});
export type ComparisonWire = z.infer<typeof comparisonSchema>;

/** How long the answer may wait for an inventory that is being taken. */
const waitSeconds = z.coerce.number().min(0).max(30).default(20);
export const inventoryQueryInput = z.object({ wait: waitSeconds });
export const compareQueryInput = z.object({ with: z.string().optional(), wait: waitSeconds });
