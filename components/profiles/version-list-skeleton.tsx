import { Loading, Skeleton } from "@/components/ui/skeleton";

/** The versions' shape, while they come. */
export function VersionListSkeleton() {
  return (
    <Loading what="versions" className="rounded-lg border bg-surface">
      {[0, 1, 2].map((row) => (
        <div key={row} className="flex items-center gap-4 border-b px-4 py-4 last:border-b-0">
          <div className="flex flex-1 flex-col gap-2.5">
            <Skeleton className="w-64 max-w-full" />
            <Skeleton className="ml-5.5 h-3 w-80 max-w-[80%]" />
          </div>
          <Skeleton className="h-8 w-24" />
        </div>
      ))}
    </Loading>
  );
}
