"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { addLook, type Load } from "@/lib/activity/load";
import { activityQuery } from "@/lib/activity/queries";
import type { Activity } from "@/lib/activity/wire";

/** What runs in the session now, and its load since the page was opened. */
export function useLoad(sessionId: string, enabled: boolean) {
  const { data, error } = useQuery({ ...activityQuery(sessionId), enabled });
  const [history, setHistory] = useState<readonly Load[]>([]);
  const before = useRef<Activity | null>(null);
  useEffect(() => {
    if (!data) return;
    const last = before.current;
    before.current = data;
    setHistory((known) => addLook(known, data, last));
  }, [data]);
  return { activity: data, error, history };
}
