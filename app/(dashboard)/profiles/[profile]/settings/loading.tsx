import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function SettingsLoading() {
  return (
    <Loading what="settings" className="flex max-w-2xl flex-col gap-5">
      <Skeleton className="h-5 w-28" />
      <Skeleton className="h-8" />
      <Skeleton className="h-20" />
    </Loading>
  );
}
