/** The only writer of channels; what is sent to them is in outbox.server.ts. */

import { randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Prisma, type Tx } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { env } from "@/lib/env.server";
import { AppError, notFound } from "@/lib/errors";
import { installationId } from "@/lib/installation.server";
import type { Page } from "@/lib/page";
import { type NamedProfile, namedProfiles } from "@/lib/profiles/named.server";
import type { Actor } from "@/lib/users/roles";
import { isUuid } from "@/lib/uuid";
import { sealPart } from "./seal.server";
import {
  type ChannelInput,
  type ChannelWire,
  type DeliveryWire,
  deliveryStatusSchema,
  eventSchema,
  kindSchema,
  type MadeChannelWire,
  payloadSchema,
} from "./wire";

/** A page of them is all that there are: nobody has hundreds. */
const MOST = 50;

function toWire(row: Prisma.ChannelGetPayload<object>, profiles: readonly NamedProfile[]): ChannelWire {
  return {
    id: row.id,
    kind: kindSchema.parse(row.kind),
    name: row.name,
    url: row.shownTarget,
    events: row.events.map((event) => eventSchema.parse(event)),
    allowPrivate: row.allowPrivate,
    profiles: profiles.filter(({ id }) => row.profileIds.includes(id)),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}

export async function listChannels(): Promise<Page<ChannelWire>> {
  const rows = await db().channel.findMany({ orderBy: { id: "desc" }, take: MOST });
  const profiles = await profilesOf(db(), rows);
  return { items: rows.map((row) => toWire(row, profiles)), nextCursor: null };
}

/** Profiles are archived, never deleted: all of them are there. */
async function profilesOf(tx: Tx, rows: Array<{ profileIds: string[] }>): Promise<NamedProfile[]> {
  return namedProfiles(tx, [...new Set(rows.flatMap(({ profileIds }) => profileIds))]);
}

/** Can this installation send e-mail? */
export const canMail = (): boolean => env().KILN_SMTP_URL !== undefined;

/** Slack's addresses are keys themselves, and others have keys in their query: nobody is shown those. */
function targetOf(input: ChannelInput): { target: string; shown: string } {
  if (input.kind === "email") {
    const all = input.address.join(", ");
    return { target: all, shown: all };
  }
  const { origin, pathname } = new URL(input.url);
  return { target: input.url, shown: input.kind === "slack" ? `${origin}/…` : `${origin}${pathname}` };
}

/** @returns the channel with the key that its messages are signed with, which nobody can read again. @throws AppError 409; 422 for a profile that isn’t there */
export async function createChannel(actor: Actor, input: ChannelInput): Promise<MadeChannelWire> {
  if (input.kind === "email" && !canMail())
    throw new AppError(
      409,
      "mail_not_configured",
      "This installation can’t send e-mail yet: set KILN_SMTP_URL and KILN_MAIL_FROM, then start it again.",
    );
  const installation = await installationId();
  const id = uuidv7();
  const { kind, name, events, allowPrivate } = input;
  const { target, shown } = targetOf(input);
  const signingKey = kind === "webhook" ? `whsec_${randomBytes(32).toString("base64")}` : null;
  return db().$transaction(async (tx) => {
    if ((await tx.channel.count()) >= MOST)
      throw new AppError(409, "too_many_channels", `There are ${MOST} channels already. Delete one first.`);
    const profiles = await namedProfiles(tx, input.profiles);
    const row = await tx.channel.create({
      data: {
        ...{ id, kind, name, events, allowPrivate, createdBy: actor.name, shownTarget: shown },
        profileIds: profiles.map((profile) => profile.id),
        sealedTarget: sealPart(installation, id, "target", target),
        sealedKey: signingKey === null ? null : sealPart(installation, id, "key", signingKey),
      },
    });
    await recordAudit(tx, actor, "channel.create", { kind: "channel", id }, { name, kind });
    return { ...toWire(row, profiles), signingKey };
  });
}

/** What waits to be sent to it goes, too. @throws AppError 404. */
export async function deleteChannel(actor: Actor, id: string): Promise<void> {
  await db().$transaction(async (tx) => {
    const [row] = await tx.channel.findMany({ where: { id: isUuid(id) ? id : { in: [] } } });
    if (!row) throw notFound("channel");
    await tx.channel.deleteMany({ where: { id } });
    await recordAudit(tx, actor, "channel.delete", { kind: "channel", id }, { name: row.name });
  });
}

/** Sends something that says that it is a test. @throws AppError 404. */
export async function testChannel(actor: Actor, id: string): Promise<DeliveryWire> {
  const channel = isUuid(id) ? await db().channel.findUnique({ where: { id } }) : null;
  if (!channel) throw notFound("channel");
  const summary = `A test of the channel ${channel.name}, asked for by ${actor.name}.`;
  const row = await db().delivery.create({
    data: { channelId: id, event: "test", eventKey: `test ${uuidv7()}`, payload: { summary, data: {} } },
    include: deliveryInclude,
  });
  return toDelivery(row);
}

const deliveryInclude = { channel: { select: { id: true, name: true } } } satisfies Prisma.DeliveryInclude;

function toDelivery(row: Prisma.DeliveryGetPayload<{ include: typeof deliveryInclude }>): DeliveryWire {
  return {
    id: row.id,
    channel: row.channel,
    event: row.event === "test" ? "test" : eventSchema.parse(row.event),
    summary: payloadSchema.parse(row.payload).summary,
    status: deliveryStatusSchema.parse(row.status),
    attempts: row.attempts,
    lastStatus: row.lastStatus,
    lastError: row.lastError,
    nextAt: row.status === "pending" ? row.nextAt.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

/** Newest first; the cursor is a time and an id: messages of one event have the same time. */
export async function listDeliveries(list: {
  cursor?: string | undefined;
  limit: number;
}): Promise<Page<DeliveryWire>> {
  const [time = "", id = ""] = (list.cursor ?? "").split(" ");
  const before = new Date(time);
  const rows = await db().delivery.findMany({
    where:
      Number.isNaN(before.getTime()) || !isUuid(id)
        ? {}
        : { OR: [{ createdAt: { lt: before } }, { createdAt: before, id: { lt: id } }] },
    include: deliveryInclude,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: list.limit + 1,
  });
  const items = rows.slice(0, list.limit).map(toDelivery);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > list.limit && last ? `${last.createdAt} ${last.id}` : null };
}

/** Sends the same message again, under its own id. @throws AppError 404; 409 `still_pending`. */
export async function redeliver(actor: Actor, id: string): Promise<DeliveryWire> {
  return db().$transaction(async (tx) => {
    const { count } = await tx.delivery.updateMany({
      where: { id: isUuid(id) ? id : { in: [] }, status: { not: "pending" } },
      data: { status: "pending", attempts: 0, nextAt: databaseTime(), endedAt: null, claimedUntil: null },
    });
    const row = isUuid(id) ? await tx.delivery.findUnique({ where: { id }, include: deliveryInclude }) : null;
    if (!row) throw notFound("delivery");
    if (count === 0)
      throw new AppError(409, "still_pending", "It hasn’t ended yet: it is tried again by itself.");
    await recordAudit(
      tx,
      actor,
      "delivery.redeliver",
      { kind: "channel", id: row.channelId },
      { event: row.event },
    );
    return toDelivery(row);
  });
}
