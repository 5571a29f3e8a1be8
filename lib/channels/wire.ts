/** Notification channels and what was sent to them, as they cross to the browser and the API. */
import { z } from "zod";
import { storable } from "@/lib/text";

export const kindSchema = z.enum(["webhook", "slack", "email"]);
export type ChannelKind = z.infer<typeof kindSchema>;

export const events = [
  "snapshot.ready",
  "snapshot.failed",
  "snapshot.first_failure",
  "snapshot.recovered",
  "schedule.paused",
  "secret.rotated",
  "disk.low",
  "worker.gone",
] as const;
export const eventSchema = z.enum(events);
export type ChannelEvent = z.infer<typeof eventSchema>;

/** An address that can be posted to: no other scheme, and no password in it. */
const target = storable(z.string().trim().max(2_000, "Use at most 2,000 characters.")).superRefine(
  (text, context) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    const problem =
      !url || !/^https?:$/.test(url.protocol)
        ? "Give an address that begins with https:// or http://."
        : url.username || url.password
          ? "Leave name and password out of the address: messages are signed instead."
          : null;
    if (problem) context.addIssue({ code: "custom", message: problem });
  },
);

/** One address, or several: a list, or a text with commas between them. */
const addresses = z
  .union([z.string().max(3_000), z.array(z.string().max(300))], "Give an e-mail address.")
  .transform((given) =>
    (typeof given === "string" ? given.split(/[\s,;]+/) : given.map((each) => each.trim())).filter(Boolean),
  )
  .pipe(
    z
      .array(z.email("Give e-mail addresses, with commas between them.").max(254))
      .min(1, "Give an e-mail address.")
      .max(10, "Give at most 10 addresses."),
  )
  .transform((all) => [...new Set(all)]);

const common = {
  name: storable(z.string().trim().min(1, "Give the channel a name.").max(80, "Use at most 80 characters.")),
  events: z
    .array(eventSchema)
    .min(1, "Choose at least one event.")
    .transform((chosen) => [...new Set(chosen)]),
  /** May it be within the own network? */
  allowPrivate: z.boolean().default(false),
  /** Only what happens to these, by id or slug; none is all. What is no profile's goes to channels without such a limit. */
  profiles: z.array(z.string().min(1).max(200)).max(50, "Choose at most 50 profiles.").default([]),
};

export const channelInputSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("webhook"), url: target, ...common }),
  z.strictObject({ kind: z.literal("slack"), url: target, ...common }),
  z.strictObject({ kind: z.literal("email"), address: addresses, ...common }),
]);
export type ChannelInput = z.output<typeof channelInputSchema>;

export const channelSchema = z.object({
  id: z.uuid(),
  kind: kindSchema,
  name: z.string(),
  /** As much of it as anybody may read; of an e-mail channel its addresses. */
  url: z.string(),
  events: z.array(eventSchema),
  allowPrivate: z.boolean(),
  /** Those that it is limited to. */
  profiles: z.array(z.object({ id: z.uuid(), slug: z.string(), name: z.string() })),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
});
export type ChannelWire = z.infer<typeof channelSchema>;

/** The key that its messages are signed with is told once, when it is made. */
export const madeChannelSchema = channelSchema.extend({ signingKey: z.string().nullable() });
export type MadeChannelWire = z.infer<typeof madeChannelSchema>;

export const deliveryStatusSchema = z.enum(["pending", "sent", "failed"]);

export const deliverySchema = z.object({
  id: z.uuid(),
  channel: z.object({ id: z.uuid(), name: z.string() }),
  event: z.union([eventSchema, z.literal("test")]),
  /** What it says, in a sentence. */
  summary: z.string(),
  status: deliveryStatusSchema,
  attempts: z.int(),
  lastStatus: z.int().nullable(),
  lastError: z.string().nullable(),
  /** When it is tried again. */
  nextAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type DeliveryWire = z.infer<typeof deliverySchema>;

/** What stands in a message beside its type and time. */
export const payloadSchema = z.object({
  /** A sentence for people. */
  summary: z.string(),
  data: z.record(z.string(), z.json()),
});
export type Payload = z.infer<typeof payloadSchema>;
