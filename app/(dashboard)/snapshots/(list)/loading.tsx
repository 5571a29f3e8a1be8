import { Page, PageHeader } from "@/components/frame/page";
import { SnapshotsTableSkeleton } from "@/components/snapshots/snapshots-table";

export default function LoadingSnapshots() {
  return (
    <Page crumbs={[{ label: "Snapshots" }]}>
      <PageHeader
        title="Snapshots"
        description="Every build of every version and every try of a draft, newest first."
      />
      <div className="flex flex-col gap-4">
        <div className="h-7" />
        <SnapshotsTableSkeleton />
      </div>
    </Page>
  );
}
