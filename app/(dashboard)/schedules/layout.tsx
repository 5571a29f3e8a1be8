import type { ReactNode } from "react";
import { Page, PageHeader } from "@/components/frame/page";
import { LinkTabs } from "@/components/ui/link-tabs";
import { requireUser } from "@/lib/web/session.server";

const tabs = [
  { href: "/schedules", label: "All schedules" },
  { href: "/schedules/calendar", label: "Next seven days" },
];

export default async function SchedulesLayout({ children }: { children: ReactNode }) {
  await requireUser();
  return (
    <Page crumbs={[{ label: "Schedules" }]}>
      <div className="flex flex-col gap-4">
        <PageHeader
          title="Schedules"
          description="Versions that are refreshed by themselves. Of each profile the newest version that sessions start from is built again; what works stays in use until that has succeeded."
        />
        <div className="border-b">
          <LinkTabs label="Schedules" tabs={tabs} />
        </div>
      </div>
      {children}
    </Page>
  );
}
