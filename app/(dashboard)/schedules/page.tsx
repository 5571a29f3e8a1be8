import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/app/query-client";
import { Page, PageHeader } from "@/components/frame/page";
import { getBackground } from "@/lib/schedules/background.server";
import { backgroundQuery, schedulesQuery } from "@/lib/schedules/queries";
import { listSchedules } from "@/lib/schedules/store.server";
import { requireUser } from "@/lib/web/session.server";
import { BackgroundPause } from "./background-pause";
import { ScheduleList } from "./schedule-list";

export const metadata: Metadata = { title: "Schedules" };

export default async function SchedulesPage() {
  await requireUser();
  const client = makeQueryClient();
  const first = await listSchedules({ limit: 25 });
  client.setQueryData(schedulesQuery().queryKey, { pages: [first], pageParams: [""] });
  client.setQueryData(backgroundQuery().queryKey, await getBackground());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page crumbs={[{ label: "Schedules" }]}>
        <PageHeader
          title="Schedules"
          description="Versions that are refreshed by themselves. Of each profile the newest version that sessions start from is built again; what works stays in use until that has succeeded."
        />
        <div className="flex flex-col gap-4">
          <BackgroundPause />
          <ScheduleList />
        </div>
      </Page>
    </HydrationBoundary>
  );
}
