/**
 * The content of a version: what its snapshot is made from. Validated here and nowhere else; every field
 * but the first has a default, so that `{baseImage}` is a whole spec. Messages are shown beside the field.
 */
import { z } from "zod";
import { MAX_SECRETS, optionalSecretName, secretName } from "@/lib/secrets/name";
import { storable } from "@/lib/text";
import { cacheList, refuseHiddenByCaches } from "./cache-paths";
import { persistentPathList } from "./persistent-paths";
import { gitRef, packagesSchema, repositoryUrl } from "./plan-words";
import { MAX_SECTIONS, splitSections } from "./setup-sections";

export const MAX_SCRIPT_BYTES = 256 * 1024;
const MAX_FILE_BYTES = 1024 * 1024;

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** `[registry[:port]/]path[:tag][@digest]`, after the grammar of the distribution project's `reference` package. */
const IMAGE_REFERENCE =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]{1,5})?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/;

const script = storable(z.string())
  .refine(
    (text) => bytes(text) <= MAX_SCRIPT_BYTES,
    "Use at most 256 KiB; put larger things into files or an image.",
  )
  .refine(
    (text) => splitSections(text).length <= MAX_SECTIONS,
    `Use at most ${MAX_SECTIONS} lines “## step: NAME”.`,
  );

/** An absolute path without `..`, `.` or empty parts. */
export const absolutePath = storable(z.string().max(1024, "Use at most 1,024 characters."))
  .regex(/^\//, "Start the path with a slash: it is a path in the sandbox.")
  .refine(
    (path) => path === "/" || !/\/(?:\.{1,2})?(?:\/|$)/.test(path),
    "Use a plain path, without “.”, “..” or doubled slashes.",
  );

const envName = z
  .string()
  .max(128, "Use at most 128 characters.")
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "Use letters, digits and _, not starting with a digit.");

const fileSchema = z.strictObject({
  path: absolutePath.refine((path) => path !== "/", "Name a file, not the root."),
  content: storable(z.string()).refine((text) => bytes(text) <= MAX_FILE_BYTES, "Use at most 1 MiB a file."),
  mode: z
    .string()
    .regex(/^0?[0-7]{3,4}$/, "Use an octal mode such as 644 or 0755.")
    .default("0644"),
});

const repositorySchema = z
  .strictObject({
    url: repositoryUrl,
    /** A branch, tag or commit; empty for the default branch. */
    ref: gitRef.default(""),
    path: absolutePath.refine((path) => path !== "/", "Name a folder, not the root."),
    /** The secret that it is cloned with; empty for none. It needn't be in `secrets`: the setup script has no need of it. */
    secret: optionalSecretName.default(""),
  })
  .refine(({ url, secret }) => secret === "" || !url.startsWith("git://"), {
    path: ["secret"],
    message: "A git:// address takes no secret: use https or ssh.",
  });

function refusePathsTwice(entries: ReadonlyArray<{ path: string }>, context: z.RefinementCtx): void {
  const seen = new Set<string>();
  entries.forEach(({ path }, index) => {
    if (seen.has(path))
      context.addIssue({ code: "custom", path: [index, "path"], message: "This path is in the list twice." });
    seen.add(path);
  });
}

export const resourcesSchema = z.strictObject({
  cpus: z
    .number("Enter a number.")
    .min(0.1, "Use at least 0.1 CPU.")
    .max(64, "Use at most 64 CPUs.")
    .default(2),
  memoryMb: z
    .int("Enter a whole number.")
    .min(16, "Use at least 16 MB.")
    .max(262_144, "Use at most 262,144 MB.")
    .default(2048),
  pids: z
    .int("Enter a whole number.")
    .min(8, "Use at least 8 processes.")
    .max(32_768, "Use at most 32,768 processes.")
    .default(1024),
  diskMb: z
    .int("Enter a whole number.")
    .min(64, "Use at least 64 MB.")
    .max(1_048_576, "Use at most 1,048,576 MB.")
    .default(10_240),
});

const specFields = z.strictObject({
  baseImage: z
    .string()
    .min(1, "Name the image to start from.")
    .max(512, "Use at most 512 characters.")
    .regex(
      IMAGE_REFERENCE,
      "Write an image reference such as debian:bookworm-slim or registry.example.com/team/image:tag.",
    ),
  setupScript: script.default(""),
  /** Runs on top of the serving snapshot in an incremental refresh; empty: the setup script does. */
  maintenanceScript: script.default(""),
  env: z
    .record(envName, storable(z.string().max(32_768, "Use at most 32,768 characters.")))
    .refine((env) => Object.keys(env).length <= 200, "Use at most 200 variables.")
    .default({}),
  files: z.array(fileSchema).max(100, "Use at most 100 files.").superRefine(refusePathsTwice).default([]),
  packages: packagesSchema,
  repositories: z
    .array(repositorySchema)
    .max(20, "Use at most 20 repositories.")
    .superRefine(refusePathsTwice)
    .default([]),
  secrets: z
    .array(secretName)
    .max(MAX_SECRETS, `Use at most ${MAX_SECRETS} secrets.`)
    .refine((names) => new Set(names).size === names.length, "Name each secret once.")
    .default([]),
  /** Folders that are volumes while building, shared by the profile's builds and in no image. */
  caches: cacheList(absolutePath),
  /** Folders that outlive the container of a persistent session. */
  persistentPaths: persistentPathList(absolutePath),
  workdir: absolutePath.default("/workspace"),
  user: z
    .string()
    .max(64, "Use at most 64 characters.")
    .regex(
      /^(?:[a-z_][a-z0-9_-]*\$?|\d{1,10})(?::(?:[a-z_][a-z0-9_-]*|\d{1,10}))?$/,
      "Write a user such as root, dev or 1000:1000.",
    )
    .default("root"),
  resources: resourcesSchema.prefault({}),
  timeouts: z
    .strictObject({
      setupSeconds: z
        .int("Enter a whole number.")
        .min(1, "Use at least 1 second.")
        .max(21_600, "Use at most 6 hours (21,600 seconds).")
        .default(1800),
    })
    .prefault({}),
  network: z.enum(["bridge", "none"]).default("bridge"),
  check: storable(
    z.string().max(8192, "Use at most 8,192 characters; put longer checks into a file."),
  ).default(""),
});

const fetches = ({ packages, repositories }: z.output<typeof specFields>) =>
  repositories.length > 0 || Object.values(packages).some((names) => names.length > 0);

export const specSchema = specFields
  .refine((spec) => spec.network !== "none" || !fetches(spec), {
    path: ["network"],
    message: "Packages and repositories come over the network: use “bridge”, or leave them out.",
  })
  .superRefine(refuseHiddenByCaches);

export type Spec = z.infer<typeof specSchema>;
export type SpecInput = z.input<typeof specSchema>;

export const defaultBaseImage = "kiln/base:bookworm";

/** What a new profile's draft starts with. */
export function defaultSpec(baseImage = defaultBaseImage): Spec {
  return specSchema.parse({ baseImage });
}
