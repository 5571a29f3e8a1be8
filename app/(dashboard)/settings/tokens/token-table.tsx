"use client";

import { KeyRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { revokeApiToken } from "@/app/actions/users";
import { useAction } from "@/app/use-action";
import { RelativeTime } from "@/components/time/relative-time";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, Td, Th } from "@/components/ui/table";
import type { TokenWire } from "@/lib/users/wire";

/** The tokens that still work. */
export function TokenTable({ tokens }: { tokens: readonly TokenWire[] }) {
  const router = useRouter();
  const [asking, setAsking] = useState<TokenWire | null>(null);
  const revoke = useAction(revokeApiToken, () => {
    setAsking(null);
    router.refresh();
  });
  if (tokens.length === 0) {
    return (
      <EmptyState icon={<KeyRound />} title="No API tokens">
        Make one for each script or service that talks to Kiln, with no more rights than it needs.
      </EmptyState>
    );
  }
  return (
    <>
      <Table label="API tokens">
        <thead>
          <tr>
            <Th>Name</Th>
            <Th className="w-24">Role</Th>
            <Th className="hidden w-48 md:table-cell">Made</Th>
            <Th className="hidden w-32 sm:table-cell">Last used</Th>
            <Th className="w-24">
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id} className="border-b last:border-b-0">
              <Td className="truncate font-medium">{token.name}</Td>
              <Td className="text-muted capitalize">{token.role}</Td>
              <Td className="hidden truncate text-muted md:table-cell">
                <RelativeTime at={token.createdAt} /> by {token.createdBy || "Kiln"}
              </Td>
              <Td className="hidden text-muted sm:table-cell">
                {token.lastUsedAt ? <RelativeTime at={token.lastUsedAt} /> : "never"}
              </Td>
              <Td className="text-right">
                <Button size="sm" variant="danger" onClick={() => setAsking(token)}>
                  Revoke<span className="sr-only"> {token.name}</span>
                </Button>
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Confirm
        open={asking !== null}
        onOpenChange={() => setAsking(null)}
        title={`Revoke ${asking?.name ?? "this token"}?`}
        confirmLabel="Revoke token"
        onConfirm={() => asking && revoke.mutate({ id: asking.id })}
        pending={revoke.isPending}
        error={revoke.error?.message}
      >
        Whatever uses it is refused from now on. It can't be brought back; make a new one instead.
      </Confirm>
    </>
  );
}
