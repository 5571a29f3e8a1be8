import { Circle } from "lucide-react";
import { eventTitles } from "@/components/channels/event-words";
import { cn } from "@/components/cn";
import { RelativeTime } from "@/components/time/relative-time";
import { RowLink } from "@/components/ui/table";
import { Tag } from "@/components/ui/tag";
import type { MessageWire } from "@/lib/inbox/wire";

/** One message: its title opens what it speaks of. Unread ones have a dot, a word and a heavier title. */
export function MessageRow({ message, onOpen }: { message: MessageWire; onOpen: () => void }) {
  const { event, summary, path, createdAt, readAt } = message;
  const isNew = readAt === null;
  const title = eventTitles[event];
  const titleClass = cn("text-sm", isNew ? "font-semibold text-ink" : "font-normal text-muted");
  return (
    <li className="relative flex items-start gap-3 px-4 py-3 has-[a.row-link]:hover:bg-hover">
      <span className="mt-1.5 flex size-2 shrink-0" aria-hidden="true">
        {isNew ? <Circle className="size-2 fill-accent text-accent" /> : null}
      </span>
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          {path ? (
            <RowLink href={path} onClick={onOpen} className={titleClass}>
              {title}
            </RowLink>
          ) : (
            <span className={titleClass}>{title}</span>
          )}
          {isNew ? <Tag look="soft">Unread</Tag> : null}
          <span className="ml-auto text-xs text-muted">
            <RelativeTime at={createdAt} />
          </span>
        </span>
        <span className={cn("text-sm wrap-anywhere", isNew ? "text-ink" : "text-muted")}>{summary}</span>
      </span>
    </li>
  );
}
