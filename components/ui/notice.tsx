import { CircleAlert, CircleCheck, Info } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/cn";

const looks = {
  info: { className: "border-border bg-sunken", iconClass: "text-muted", Icon: Info },
  hot: { className: "border-transparent bg-accent-soft", iconClass: "text-accent-ink", Icon: CircleAlert },
  failed: { className: "border-transparent bg-failed-soft", iconClass: "text-failed", Icon: CircleAlert },
  ready: { className: "border-transparent bg-ready-soft", iconClass: "text-ready", Icon: CircleCheck },
};

/** Says something where it arose: what happened, why, and what to do. A failure is announced at once. */
export function Notice({
  kind,
  title,
  children,
  actions,
  className,
}: {
  kind: keyof typeof looks;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
}) {
  const { className: look, iconClass, Icon } = looks[kind];
  return (
    <div
      role={kind === "failed" || kind === "hot" ? "alert" : "status"}
      className={cn(
        "flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md border px-3 py-2 text-sm",
        look,
        className,
      )}
    >
      <Icon className={cn("mt-0.5 size-4 shrink-0", iconClass)} aria-hidden="true" />
      <div className="min-w-40 flex-1">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className={cn(title && "text-muted")}>{children}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
    </div>
  );
}
