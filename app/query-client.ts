import { QueryClient } from "@tanstack/react-query";
import { AppError } from "@/lib/errors";

/** What the server refused won't be granted at the second asking; what didn't arrive may. */
const retry = (failures: number, error: Error) =>
  failures < 2 && !(error instanceof AppError && error.status < 500);

/** One a request on the server, one a tab in the browser. Changes arrive over the event stream, not by age. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { staleTime: 60_000, retry } } });
}
