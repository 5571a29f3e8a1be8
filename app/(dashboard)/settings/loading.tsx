import { Loading, Skeleton } from "@/components/ui/skeleton";

export default function SettingsLoading() {
  return (
    <Loading what="settings" className="flex max-w-2xl flex-col gap-4">
      <Skeleton className="h-5 w-32" />
      <Skeleton className="w-80 max-w-full" />
      <Skeleton className="h-32 rounded-lg" />
    </Loading>
  );
}
