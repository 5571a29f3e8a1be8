import type { ReactNode } from "react";
import type { useStayAtEnd } from "./use-stay-at-end";

/** What programs print, as it comes. */
export function OutputLog({
  label,
  scroller,
  children,
}: {
  label: string;
  scroller: ReturnType<typeof useStayAtEnd>["scroller"];
  children: ReactNode;
}) {
  return (
    <div
      {...scroller}
      role="log"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 py-4 -outline-offset-2"
    >
      {children}
    </div>
  );
}
