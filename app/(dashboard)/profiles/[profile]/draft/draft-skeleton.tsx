import { Loading, Skeleton } from "@/components/ui/skeleton";

/** The form's shape, while the draft comes. */
export function DraftSkeleton() {
  return (
    <Loading
      what="the draft"
      className="grid flex-1 gap-x-6 gap-y-8 xl:grid-cols-[minmax(0,28rem)_minmax(0,1fr)]"
    >
      <div className="flex flex-col gap-6">
        {["w-24", "w-32", "w-16", "w-28", "w-20"].map((width) => (
          <div key={width} className="flex flex-col gap-2">
            <Skeleton className={width} />
            <Skeleton className="h-8" />
          </div>
        ))}
      </div>
      <Skeleton className="h-112 rounded-lg max-xl:order-first" />
    </Loading>
  );
}
