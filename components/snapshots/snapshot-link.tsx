import { cn } from "@/components/cn";
import { Link } from "@/components/ui/link";

/** `#14`, which opens the snapshot. */
export function SnapshotLink({ id, number, className }: { id: string; number: number; className?: string }) {
  return (
    <Link
      href={`/snapshots/${id}`}
      aria-label={`Snapshot ${number}`}
      className={cn(
        "relative z-1 rounded-sm font-mono text-ink underline decoration-border-strong underline-offset-2 hover:decoration-current",
        className,
      )}
    >
      #{number}
    </Link>
  );
}
