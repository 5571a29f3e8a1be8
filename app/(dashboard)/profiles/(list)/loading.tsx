import { Page, PageHeader } from "@/components/frame/page";
import { ProfileTableSkeleton } from "@/components/profiles/profile-table-skeleton";
import { Skeleton } from "@/components/ui/skeleton";

export default function Loading() {
  return (
    <Page crumbs={[{ label: "Profiles" }]}>
      <PageHeader
        title="Profiles"
        description="An environment each, described once and kept ready as an image."
      />
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap gap-3">
          <Skeleton className="h-8 w-full sm:w-72" />
          <Skeleton className="h-8 w-40" />
        </div>
        <ProfileTableSkeleton />
      </div>
    </Page>
  );
}
