import { VersionListSkeleton } from "@/components/profiles/version-list-skeleton";

export default function Loading() {
  return <VersionListSkeleton />;
}
