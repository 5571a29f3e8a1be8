import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/app/query-client";
import { getBackground } from "@/lib/schedules/background.server";
import { getBlackouts } from "@/lib/schedules/blackout.server";
import { backgroundQuery, blackoutsQuery, schedulesQuery } from "@/lib/schedules/queries";
import { listSchedules } from "@/lib/schedules/store.server";
import { requireUser } from "@/lib/web/session.server";
import { BackgroundPause } from "./background-pause";
import { Blackouts } from "./blackouts";
import { ScheduleList } from "./schedule-list";

export const metadata: Metadata = { title: "Schedules" };

export default async function SchedulesPage() {
  await requireUser();
  const client = makeQueryClient();
  const first = await listSchedules({ limit: 25 });
  client.setQueryData(schedulesQuery().queryKey, { pages: [first], pageParams: [""] });
  client.setQueryData(backgroundQuery().queryKey, await getBackground());
  client.setQueryData(blackoutsQuery().queryKey, await getBlackouts());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <div className="flex flex-col gap-8">
        <div className="flex flex-col gap-4">
          <BackgroundPause />
          <ScheduleList />
        </div>
        <Blackouts />
      </div>
    </HydrationBoundary>
  );
}
