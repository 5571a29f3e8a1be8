"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";

const FIRST = 300;

/** The beginning of a list that may have thousands of rows, and the rest when it is asked for. */
export function LongList<Item>({
  items,
  noun,
  children,
}: {
  items: readonly Item[];
  /** In the plural. */
  noun: string;
  children: (items: readonly Item[]) => ReactNode;
}) {
  const [all, setAll] = useState(false);
  return (
    <>
      {children(all ? items : items.slice(0, FIRST))}
      {!all && items.length > FIRST ? (
        <Button className="mt-3 self-center" onClick={() => setAll(true)}>
          Show all {items.length.toLocaleString("en")} {noun}
        </Button>
      ) : null}
    </>
  );
}
