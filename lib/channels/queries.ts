/** Browser-safe query options of notification channels: keys and fetchers. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { channelSchema, deliverySchema } from "./wire";

export const channelsQuery = () =>
  queryOptions({
    queryKey: [...keys.channels, "list"],
    queryFn: ({ signal }) => fetchJson("/channels", pageOf(channelSchema), signal),
  });

/** The last messages, whoever they went to. */
export const deliveriesQuery = () =>
  queryOptions({
    queryKey: [...keys.channels, "deliveries"],
    queryFn: ({ signal }) => fetchJson("/deliveries", pageOf(deliverySchema), signal),
  });
