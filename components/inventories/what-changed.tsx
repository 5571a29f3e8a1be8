import { Link } from "@/components/ui/link";

/** Behind a sentence in a row: one press to what the refresh brought. */
export function WhatChanged({ snapshot: { id, number } }: { snapshot: { id: string; number: number } }) {
  return (
    <>
      {" · "}
      <Link
        href={`/snapshots/${id}/compare`}
        className="relative z-1 rounded-sm whitespace-nowrap text-ink underline decoration-border-strong underline-offset-2 hover:decoration-current"
      >
        What changed in #{number}
      </Link>
    </>
  );
}
