/** Browser-safe query options of terminals, and how the browser gets its tickets. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson, problemOf } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { type TicketAnswer, type TicketRequest, terminalSchema, ticketAnswerSchema } from "./wire";

/** One's own terminals of a session that can be come back to. Asked once: from then on the page knows. */
export const terminalsQuery = (sessionId: string) =>
  queryOptions({
    queryKey: [...keys.root, "terminals", sessionId],
    queryFn: ({ signal }) =>
      fetchJson(`/sessions/${encodeURIComponent(sessionId)}/terminals`, pageOf(terminalSchema), signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** @throws AppError as the server said it; TypeError when it can't be reached. */
export async function askForTicket(sessionId: string, request: TicketRequest): Promise<TicketAnswer> {
  const response = await fetch(`/api/v1/sessions/${encodeURIComponent(sessionId)}/terminal-tickets`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  if (!response.ok) throw problemOf(response.status, await response.json());
  return ticketAnswerSchema.parse(await response.json());
}
