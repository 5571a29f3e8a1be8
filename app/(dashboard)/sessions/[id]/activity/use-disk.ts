"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { formatSize } from "@/lib/format";
import { diskQuery } from "@/lib/sandboxes/queries";

/** Twenty minutes at a look every 20 seconds. */
const MOST = 60;

interface Look {
  at: string;
  bytes: number;
}

/** What the container has written, and how that was since the page was opened. */
export function useDisk(sessionId: string, enabled: boolean) {
  const { data, error } = useQuery({ ...diskQuery(sessionId), enabled });
  const [looks, setLooks] = useState<readonly Look[]>([]);
  useEffect(() => {
    // Two who look at about the same time get the same answer.
    if (data) setLooks((known) => (known.at(-1)?.at === data.at ? known : [...known, data].slice(-MOST)));
  }, [data]);
  const words = data ? formatSize(data.bytes) : error ? "unknown" : "measuring";
  return { words, limitBytes: data?.limitBytes ?? null, history: looks.map(({ bytes }) => bytes) };
}
