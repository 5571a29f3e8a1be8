import { CalendarX2 } from "lucide-react";
import { EmptyState } from "@/components/ui/empty-state";

/** In place of a log whose time is over: since when, and what to do to have the next ones for longer. */
export function ExpiredLog({ label, expiredAt }: { label: string; expiredAt: string }) {
  return (
    <section aria-label={label} className="flex flex-1 flex-col items-center justify-center bg-sunken p-4">
      <EmptyState icon={<CalendarX2 />} title="This log is gone" className="border-0">
        <p>
          It was deleted on <span className="whitespace-nowrap">{expiredAt.slice(0, 10)}</span>, when its time
          was over.
        </p>
        <p>An administrator can have logs kept for longer with KILN_LOG_DAYS.</p>
      </EmptyState>
    </section>
  );
}
