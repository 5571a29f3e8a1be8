"use client";

import { useQuery } from "@tanstack/react-query";
import { redeliver } from "@/app/actions/channels";
import { useAction } from "@/app/use-action";
import { DeliveryStatus } from "@/components/channels/delivery-status";
import { eventLabel } from "@/components/channels/event-words";
import { RelativeTime } from "@/components/time/relative-time";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { deliveriesQuery } from "@/lib/channels/queries";
import type { DeliveryWire } from "@/lib/channels/wire";

/** What was sent, and how it went. */
export function DeliveryList() {
  const { data, error } = useQuery(deliveriesQuery());
  if (error) return <Notice kind="failed">{error.message}</Notice>;
  if (!data || data.items.length === 0) return <p className="text-sm text-muted">Nothing was sent yet.</p>;
  return (
    <Table label="Deliveries">
      <thead>
        <tr>
          <Th>Message</Th>
          <Th className="w-36 max-lg:hidden">Channel</Th>
          <Th className="max-sm:hidden">Delivery</Th>
          <Th className="w-24 max-md:hidden">When</Th>
          <Th className="w-32 text-right max-md:hidden">
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {data.items.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} />
        ))}
      </tbody>
    </Table>
  );
}

function DeliveryRow({ delivery }: { delivery: DeliveryWire }) {
  const again = useAction(redeliver, () => toast({ title: "It is sent again." }));
  return (
    <Tr>
      <Td>
        <span className="font-medium">{eventLabel(delivery.event)}</span>
        <span className="block text-xs wrap-anywhere text-muted">{delivery.summary}</span>
        {/* A phone has no room for two columns of sentences. */}
        <span className="mt-1.5 block text-xs sm:hidden">
          <DeliveryStatus delivery={delivery} />
        </span>
      </Td>
      <Td className="truncate text-muted max-lg:hidden">{delivery.channel.name}</Td>
      <Td className="max-sm:hidden">
        <DeliveryStatus delivery={delivery} />
      </Td>
      <Td className="text-muted max-md:hidden">
        <RelativeTime at={delivery.createdAt} />
      </Td>
      <Td className="text-right max-md:hidden">
        {delivery.status === "pending" ? null : (
          <Button
            size="sm"
            pending={again.isPending}
            onClick={() =>
              again.mutate(
                { id: delivery.id },
                {
                  onError: ({ message: description }) =>
                    toast({ kind: "failed", title: "It wasn’t sent again.", description }),
                },
              )
            }
          >
            Send again
          </Button>
        )}
      </Td>
    </Tr>
  );
}
