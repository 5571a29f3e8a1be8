/** The process's environment, checked once at its first use; what is wrong is said in one sentence each. */
import { z } from "zod";
import { isUnderDomain } from "./previews/domain";

const schema = z
  .object({
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL" }),
    /** Signs session cookies. */
    KILN_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
    /** Encrypts secrets; kept in the data folder when it isn't given. */
    KILN_SECRET_KEY: z.string().min(32, "must have at least 32 characters").optional(),
    /** The address that people use: where messages lead to. */
    NEXTAUTH_URL: z.url().optional(),
    /** What e-mail is sent through; may hold a user and a password, so it is shown nowhere. */
    KILN_SMTP_URL: z
      .string()
      .refine(
        (url) => URL.canParse(url) && /^smtps?:$/.test(new URL(url).protocol) && new URL(url).hostname !== "",
        "must be an smtp:// or smtps:// URL",
      )
      .optional(),
    /** Who e-mail is from: an address, or a name and an address in angle brackets. */
    KILN_MAIL_FROM: z
      .string()
      .regex(/^(?:[^\r\n<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, "must be an e-mail address")
      .optional(),
    KILN_DATA_DIR: z.string().default(".data"),
    KILN_DEFAULT_BASE_IMAGE: z.string().default("kiln/base:bookworm"),
    KILN_WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2),
    /** How long a build's claim holds without a heartbeat: a dead worker's build is found in this time plus one beat. Losing one costs nothing: whoever finds it goes on with it. */
    KILN_LEASE_SECONDS: z.coerce.number().min(1).max(300).default(12),
    /** Between two heartbeats of a worker. A lease outlives two that fail. */
    KILN_BEAT_MS: z.coerce.number().int().min(100).max(60_000).default(2_500),
    /** An incremental refresh upon an image of more layers first makes one of them. */
    KILN_MAX_LAYERS: z.coerce.number().int().min(2).max(100).default(60),
    /** Between two sweeps of a worker's engine. */
    KILN_SWEEP_SECONDS: z.coerce.number().min(1).max(86_400).default(300),
    /** How long a build waits for an engine that doesn't answer, and a worker that starts. */
    KILN_ENGINE_SECONDS: z.coerce.number().min(1).max(3600).default(120),
    /** Builds wait while the engine's disk has less free space; 0 switches that off. */
    KILN_DISK_FLOOR_MB: z.coerce.number().int().min(0).max(1_000_000_000).default(2048),
    /** Builds that run are stopped when the engine's disk has less free space; 0 switches that off. */
    KILN_DISK_MINIMUM_MB: z.coerce.number().int().min(0).max(1_000_000_000).default(256),
    /** How long a sandbox waits for the next edit after a publish or a try; 0 for none. */
    KILN_EDIT_MINUTES: z.coerce.number().min(0).max(1_440).default(10),
    /** What the engine runs our containers with, by its name there: `runsc`, `kata-runtime`. */
    KILN_CONTAINER_RUNTIME: z.string().optional(),
    /** A log keeps the first quarter of this and the rest of it of its end. */
    KILN_LOG_MB: z.coerce.number().int().min(1).max(4096).default(64),
    /** How long the log of a snapshot that has ended is kept. */
    KILN_LOG_DAYS: z.coerce.number().min(0.001).max(36_500).default(90),
    /** How long the container of a failed step is kept, where that was asked for. */
    KILN_KEEP_SECONDS: z.coerce.number().min(1).max(86_400).default(900),
    /** How long the files of a stopped session are kept. */
    KILN_SESSION_DAYS: z.coerce.number().min(0.001).max(3_650).default(7),
    /** After so many days without use the files of a persistent session are moved into a compressed archive. */
    KILN_ARCHIVE_DAYS: z.coerce.number().min(0.0001).max(3_650).default(30),
    /** Scheduled refreshes that are started within a minute, over all workers; the others wait for the next one. */
    KILN_SCHEDULED_STARTS: z.coerce.number().int().min(1).max(10_000).default(20),
    /** Between two looks at whether a serving snapshot's base image or repositories have moved on. */
    KILN_UPSTREAM_MINUTES: z.coerce.number().min(0.01).max(10_080).default(60),
    /** Where a worker takes terminals: an address of its machine that the web processes reach, and a port; 0 is any that is free. */
    KILN_GATEWAY_HOST: z.string().min(1, "must name an address").default("127.0.0.1"),
    KILN_GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
    /** How long a terminal's shell goes on while nobody looks at it. */
    KILN_TERMINAL_MINUTES: z.coerce.number().min(0.01).max(10_080).default(10),
    /** What previews of sessions' ports are under: a domain whose names all lead to the web, without the dashboard's. */
    KILN_PREVIEW_DOMAIN: z
      .string()
      .toLowerCase()
      .regex(
        /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?$/,
        "must be a domain, such as preview.example.net, without a protocol",
      )
      .optional(),
    DOCKER_HOST: z.string().optional(),
  })
  .refine((env) => env.KILN_SMTP_URL === undefined || env.KILN_MAIL_FROM !== undefined, {
    path: ["KILN_MAIL_FROM"],
    error: "must be given where KILN_SMTP_URL is",
  })
  .refine((env) => !isUnderDomain(env.NEXTAUTH_URL, env.KILN_PREVIEW_DOMAIN), {
    path: ["KILN_PREVIEW_DOMAIN"],
    error: "must not be the domain of NEXTAUTH_URL, nor one that it is under",
  })
  .refine((env) => env.KILN_BEAT_MS * 3 <= env.KILN_LEASE_SECONDS * 1000, {
    path: ["KILN_BEAT_MS"],
    error: "must be at most a third of KILN_LEASE_SECONDS",
  });

export type Env = z.infer<typeof schema>;
let parsed: Env | undefined;

/** @throws Error that names each variable that is missing or wrong. */
export function env(): Env {
  if (parsed) return parsed;
  const result = schema.safeParse(process.env);
  if (!result.success) {
    const wrong = result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ");
    throw new Error(`The environment is not right: ${wrong}.`);
  }
  parsed = result.data;
  return parsed;
}
