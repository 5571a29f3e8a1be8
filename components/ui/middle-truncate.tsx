import { cn } from "@/components/cn";

/** Long names whose end matters (images, paths): gives way in the middle, and is whole in the `title`. */
export function MiddleTruncate({
  text,
  keep = 12,
  className,
}: {
  text: string;
  keep?: number;
  className?: string;
}) {
  const cut = Math.max(0, text.length - keep);
  return (
    <span title={text} className={cn("inline-flex max-w-full min-w-0 whitespace-pre", className)}>
      <span className="min-w-0 overflow-hidden text-ellipsis">{text.slice(0, cut)}</span>
      <span className="shrink-0">{text.slice(cut)}</span>
    </span>
  );
}
