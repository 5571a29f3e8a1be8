/** The only writer of schedules; what becomes of those that are due is in dispatch.server.ts. */

import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Tx } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { AppError, notFound } from "@/lib/errors";
import type { Page } from "@/lib/page";
import { whereProfile } from "@/lib/profiles/slug";
import type { Actor } from "@/lib/users/roles";
import { isUuid } from "@/lib/uuid";
import { dueAfter, type Times } from "./cron";
import type { scheduleInputSchema } from "./input";
import { outlookOf } from "./outlook.server";
import { spreadOf } from "./policy";
import { runInclude, toRunWire, toScheduleWire } from "./to-wire.server";
import type { ListedScheduleWire, ScheduleRunWire, ScheduleWire } from "./wire";

const laterFields = { scheduleCron: true, scheduleTimezone: true } as const;

/** @throws AppError 404 for the version. */
async function findVersion(tx: Tx, profile: string, number: number) {
  const version = await tx.version.findFirst({
    where: { state: "published", number, profile: whereProfile(profile) },
    select: {
      id: true,
      number: true,
      profileId: true,
      schedule: true,
      profile: { select: { archivedAt: true, ...laterFields } },
    },
  });
  if (!version) throw notFound("version");
  return version;
}

/** @throws AppError 404 for the version; 404 `no_schedule`. */
export async function getSchedule(profile: string, number: number, tx: Tx = db()): Promise<ScheduleWire> {
  const version = await findVersion(tx, profile, number);
  if (!version.schedule)
    throw new AppError(404, "no_schedule", `Version ${number} has no schedule: it is refreshed by hand.`);
  return toScheduleWire(version.schedule, version.profile, await outlookOf([version.schedule], tx));
}

/** When it is due next, and when that is looked at: a little later, so that not all start in the same second. */
export function nextDue(times: Times, versionId: string, after: Date): { dueAt: Date; runAt: Date } | null {
  const [dueAt] = dueAfter(times, after, 1);
  return dueAt ? { dueAt, runAt: new Date(dueAt.getTime() + spreadOf(versionId)) } : null;
}

/** Sets a version's schedule. One that had stopped by itself goes on. @throws AppError 404. */
export async function putSchedule(
  actor: Actor,
  profile: string,
  number: number,
  input: z.output<typeof scheduleInputSchema>,
): Promise<ScheduleWire> {
  return db().$transaction(async (tx) => {
    const { id: versionId, profileId, schedule: before } = await findVersion(tx, profile, number);
    const { cron, timezone, enabled, forLaterVersions } = input;
    const now = databaseTime();
    const next = nextDue({ cron, timezone }, versionId, now);
    const fields = {
      ...{ cron, timezone, enabled },
      ...{ pausedReason: null, countedFrom: now, updatedAt: now, updatedBy: actor.name },
      ...(next ?? { dueAt: null, runAt: null }),
    };
    await tx.schedule.upsert({
      where: { versionId },
      create: { id: uuidv7(), versionId, ...fields },
      update: fields,
    });
    if (forLaterVersions === true)
      await tx.profile.update({
        where: { id: profileId },
        data: { scheduleCron: cron, scheduleTimezone: timezone },
      });
    if (forLaterVersions === false) await forgetLater(tx, profileId, [input, ...(before ? [before] : [])]);
    await recordAudit(
      tx,
      actor,
      "version.schedule",
      { kind: "version", id: versionId },
      {
        ...{ number, cron, timezone, enabled },
      },
    );
    return getSchedule(profile, number, tx);
  });
}

/** Later versions get none, when they would have got one of these: another version may have given them its own. */
async function forgetLater(tx: Tx, profileId: string, these: readonly Times[]): Promise<void> {
  await tx.profile.updateMany({
    where: {
      id: profileId,
      OR: these.map(({ cron, timezone }) => ({ scheduleCron: cron, scheduleTimezone: timezone })),
    },
    data: { scheduleCron: null, scheduleTimezone: null },
  });
}

/** Taking away what isn't there changes nothing; later versions then don't get it either. @throws AppError 404. */
export async function deleteSchedule(actor: Actor, profile: string, number: number): Promise<void> {
  await db().$transaction(async (tx) => {
    const { id: versionId, profileId, schedule } = await findVersion(tx, profile, number);
    const { count } = await tx.schedule.deleteMany({ where: { versionId } });
    if (count === 0) return;
    if (schedule) await forgetLater(tx, profileId, [schedule]);
    await recordAudit(tx, actor, "version.unschedule", { kind: "version", id: versionId }, { number });
  });
}

/** Gives a version that is being published what the profile has for its later ones. */
export async function inheritSchedule(
  tx: Tx,
  actor: Actor,
  profileId: string,
  versionId: string,
): Promise<void> {
  const profile = await tx.profile.findUniqueOrThrow({ where: { id: profileId }, select: laterFields });
  const { scheduleCron: cron, scheduleTimezone: timezone } = profile;
  if (cron === null || timezone === null) return;
  const next = nextDue({ cron, timezone }, versionId, databaseTime());
  await tx.schedule.create({
    data: { id: uuidv7(), versionId, cron, timezone, updatedBy: actor.name, ...next },
  });
}

/** What became of the times that a version was due, newest first; the cursor is a time. @throws AppError 404. */
export async function listRuns(
  profile: string,
  number: number,
  list: { cursor?: string | undefined; limit: number },
): Promise<Page<ScheduleRunWire>> {
  const { id: versionId } = await findVersion(db(), profile, number);
  const before = new Date(list.cursor ?? "");
  const rows = await db().scheduleRun.findMany({
    where: { versionId, ...(Number.isNaN(before.getTime()) ? {} : { dueAt: { lt: before } }) },
    include: runInclude,
    orderBy: { dueAt: "desc" },
    take: list.limit + 1,
  });
  const items = rows.slice(0, list.limit).map(toRunWire);
  return { items, nextCursor: rows.length > list.limit ? (items.at(-1)?.dueAt ?? null) : null };
}

/** All schedules of profiles in use, newest first. */
export async function listSchedules(list: {
  cursor?: string | undefined;
  limit: number;
}): Promise<Page<ListedScheduleWire>> {
  const rows = await db().schedule.findMany({
    where: {
      version: { profile: { archivedAt: null } },
      ...(list.cursor && isUuid(list.cursor) ? { id: { lt: list.cursor } } : {}),
    },
    include: {
      version: {
        select: {
          number: true,
          profile: { select: { slug: true, name: true, ...laterFields } },
          scheduleRuns: { orderBy: { dueAt: "desc" }, take: 1, include: runInclude },
        },
      },
    },
    orderBy: { id: "desc" },
    take: list.limit + 1,
  });
  const items = rows.slice(0, list.limit);
  const outlook = await outlookOf(items);
  return {
    items: items.map(({ version, ...row }) => ({
      ...toScheduleWire(row, version.profile, outlook),
      profile: { slug: version.profile.slug, name: version.profile.name },
      version: version.number ?? 0,
      lastRun: version.scheduleRuns[0] ? toRunWire(version.scheduleRuns[0]) : null,
    })),
    nextCursor: rows.length > list.limit ? (items.at(-1)?.id ?? null) : null,
  };
}
