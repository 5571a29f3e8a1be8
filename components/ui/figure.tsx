/** One number of several in a `<dl>`: its name, itself, and what has to be known to read it. */
import type { ReactNode } from "react";

export function Figure({ name, note, children }: { name: string; note: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="text-lg font-medium tabular-nums">{children}</dd>
      <dd className="text-xs text-muted">{note}</dd>
    </div>
  );
}
