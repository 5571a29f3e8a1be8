"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { AppError } from "@/lib/errors";
import { sessionQuery } from "@/lib/sessions/queries";
import type { SessionWire } from "@/lib/sessions/wire";

/** The page's session: here since the page is, and moved by the event stream; also by its deletion elsewhere. */
export function useSession(id: string): SessionWire {
  const { data, error } = useSuspenseQuery(sessionQuery(id));
  return error instanceof AppError && error.status === 404 ? { ...data, status: "deleted" } : data;
}
