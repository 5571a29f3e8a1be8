import { cn } from "@/components/cn";

/** A bar in the place of what comes; give it the size of that. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn("block h-3.5 animate-skeleton rounded-sm bg-selected", className)}
    />
  );
}

/** Says once, to screen readers, that this part of the page is on its way. */
export function Loading({
  what,
  children,
  className,
}: {
  what: string;
  children: React.ReactNode;
  className?: string;
}) {
  return (
    <div role="status" aria-busy="true" className={className}>
      <span className="sr-only">Loading {what}</span>
      {children}
    </div>
  );
}
