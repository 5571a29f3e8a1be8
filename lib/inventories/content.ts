/** What is known of an image's inside, as it is stored. */
import { z } from "zod";

export const managers = ["apt", "apk", "npm", "pip"] as const;
export const managerSchema = z.enum(managers);
export type Manager = z.infer<typeof managerSchema>;

/** More of these aren't kept, and the inventory says so. */
export const MOST_PACKAGES = 20_000;
export const MOST_PROGRAMS = 20_000;
export const MOST_FOLDERS = 30;
/** After so many failures it is given up. */
export const MOST_TRIES = 3;

export const packageSchema = z.object({ manager: managerSchema, name: z.string(), version: z.string() });
export type Package = z.infer<typeof packageSchema>;

export const folderSchema = z.object({
  /** `/usr`, `/` for files beside the folders, `others` for what is left beyond the largest. */
  path: z.string(),
  files: z.number().int(),
  bytes: z.number(),
});
export type Folder = z.infer<typeof folderSchema>;

export const contentSchema = z.object({
  /** One of each manager and name; several versions of it are joined. */
  packages: z.array(packageSchema),
  /** Paths of all programs in the folders of `PATH`. */
  programs: z.array(z.string()),
  /** Those that the base image doesn't have; null when that is gone. */
  newPrograms: z.array(z.string()).nullable(),
  folders: z.array(folderSchema),
  files: z.number().int(),
  bytes: z.number(),
  /** Package managers whose lists are there and can't be read. */
  unreadable: z.array(z.string()),
  truncated: z.boolean(),
});
export type Content = z.infer<typeof contentSchema>;

/** What one image says; what is new in it takes a second one. */
export type Reading = Omit<Content, "newPrograms">;
