import { DraftSkeleton } from "./draft-skeleton";

export default function Loading() {
  return <DraftSkeleton />;
}
