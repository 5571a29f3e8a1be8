import { Page, PageHeader } from "@/components/frame/page";
import { SessionsTableSkeleton } from "@/components/sessions/sessions-table";

export default function LoadingSessions() {
  return (
    <Page crumbs={[{ label: "Sessions" }]}>
      <PageHeader title="Sessions" description="Sandboxes that were started from a snapshot." />
      <SessionsTableSkeleton />
    </Page>
  );
}
