import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/cn";
import { Link } from "./link";

/** A table in its panel. Columns keep their widths: give each `Th` one, and leave one to take the rest. */
export function Table({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className="overflow-x-auto rounded-lg border bg-surface">
      <table
        aria-label={label}
        className={cn("w-full table-fixed border-collapse text-left text-sm", className)}
      >
        {children}
      </table>
    </div>
  );
}

export function Th({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      {...rest}
      className={cn(
        "h-9 border-b bg-surface px-3 text-xs font-medium text-muted first:pl-4 last:pr-4",
        className,
      )}
    />
  );
}

export function Td({ className, ...rest }: ComponentProps<"td">) {
  return <td {...rest} className={cn("px-3 py-2.5 align-middle first:pl-4 last:pr-4", className)} />;
}

/** A row that opens when it is pressed anywhere, by way of the `RowLink` in it. */
export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      {...rest}
      className={cn(
        "relative border-b transition-colors last:border-b-0 has-[a.row-link]:hover:bg-hover has-[a.row-link:focus-visible]:bg-hover",
        className,
      )}
    />
  );
}

/** The row's link, stretched over the whole row, so that middle click and "copy link" work everywhere in it. */
export function RowLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      {...rest}
      className={cn(
        "row-link font-medium text-ink outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus",
        className,
      )}
    />
  );
}

/** Lifts a control of the row above its link. */
export function RowControls({ className, ...rest }: ComponentProps<"div">) {
  return <div {...rest} className={cn("relative z-1 flex items-center justify-end gap-1", className)} />;
}
