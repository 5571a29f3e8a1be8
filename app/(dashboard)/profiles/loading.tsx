import { Page } from "@/components/frame/page";
import { VersionListSkeleton } from "@/components/profiles/version-list-skeleton";
import { Skeleton } from "@/components/ui/skeleton";

/** A profile's shape, while its frame comes; the list has a shape of its own. */
export default function ProfileLoading() {
  return (
    <Page crumbs={[{ label: "Profiles", href: "/profiles" }, { label: <Skeleton className="w-24" /> }]}>
      <div className="flex flex-col gap-4">
        <div className="flex flex-col gap-2.5 pt-1.5">
          <Skeleton className="h-5.5 w-48" />
          <Skeleton className="h-4 w-80 max-w-full" />
        </div>
        <div className="flex h-9 gap-6 border-b px-2.5 pt-2">
          {["w-14", "w-10", "w-14", "w-14"].map((width, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: bars without a name
            <Skeleton key={index} className={width} />
          ))}
        </div>
      </div>
      <VersionListSkeleton />
    </Page>
  );
}
