/** Browser-safe query options of terminals, how the browser gets its tickets, and how it ends a shell. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson, problemOf } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import {
  type TicketAnswer,
  type TicketRequest,
  terminalPath,
  terminalSchema,
  ticketAnswerSchema,
  type Whose,
} from "./wire";

/** One's own terminals of one place that can be come back to. Asked once: from then on the page knows. */
export const terminalsQuery = (whose: Whose) =>
  queryOptions({
    queryKey: [...keys.root, "terminals", whose.id],
    queryFn: ({ signal }) => fetchJson(`${terminalPath(whose)}/terminals`, pageOf(terminalSchema), signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** @throws AppError as the server said it; TypeError when it can't be reached. */
export async function askForTicket(whose: Whose, request: TicketRequest): Promise<TicketAnswer> {
  const response = await fetch(`/api/v1${terminalPath(whose)}/terminal-tickets`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  if (!response.ok) throw problemOf(response.status, await response.json());
  return ticketAnswerSchema.parse(await response.json());
}

/** Ends a shell; one that has ended, or whose place has gone, is fine. @throws AppError as the server said it; TypeError when it can't be reached. */
export async function closeTerminal(whose: Whose, terminal: string): Promise<void> {
  const response = await fetch(`/api/v1${terminalPath(whose)}/terminals/${encodeURIComponent(terminal)}`, {
    method: "DELETE",
    // The page may be left at once.
    keepalive: true,
  });
  if (!response.ok && response.status !== 404) throw problemOf(response.status, await response.json());
}
