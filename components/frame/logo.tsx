import { cn } from "@/components/cn";

/** The kiln: an arch, and the fire in its mouth. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" className={cn("size-5 shrink-0", className)} aria-hidden="true" fill="none">
      <path
        d="M3 17.25V9.75a7 7 0 0 1 14 0v7.5Z"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinejoin="round"
      />
      <path d="M7.25 17.25V13.5a2.75 2.75 0 0 1 5.5 0v3.75Z" className="fill-accent" />
    </svg>
  );
}
