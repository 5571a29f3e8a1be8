"use client";

import { LockKeyhole } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { deleteSecret } from "@/app/actions/secrets";
import { useAction } from "@/app/use-action";
import { RelativeTime } from "@/components/time/relative-time";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { Table, Td, Th } from "@/components/ui/table";
import type { SecretWire } from "@/lib/secrets/wire";
import { SecretForm } from "./secret-form";

interface SecretTableProps {
  secrets: readonly SecretWire[];
  mayChange: boolean;
}

export function SecretTable({ secrets, mayChange }: SecretTableProps) {
  const router = useRouter();
  const [rotating, setRotating] = useState<string | null>(null);
  const [asking, setAsking] = useState<string | null>(null);
  const remove = useAction(deleteSecret, () => {
    setAsking(null);
    router.refresh();
  });
  if (secrets.length === 0) {
    return (
      <EmptyState icon={<LockKeyhole />} title="No secrets">
        A token for a private registry or a key for a repository: store it here, and name it in a draft.
      </EmptyState>
    );
  }
  return (
    <>
      <Table label="Secrets">
        <thead>
          <tr>
            <Th>Name</Th>
            <Th className="hidden md:table-cell">Used by</Th>
            <Th className="hidden w-48 sm:table-cell">Stored</Th>
            <Th className="w-44">
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {secrets.map((secret) => (
            <tr key={secret.id} className="border-b last:border-b-0">
              <Td>
                <span className="block truncate font-mono text-xs">{secret.name}</span>
                <span className="block truncate text-xs text-muted md:hidden">
                  Used by <Uses uses={secret.usedBy} />
                </span>
              </Td>
              <Td className="hidden truncate text-muted md:table-cell">
                <Uses uses={secret.usedBy} />
              </Td>
              <Td className="hidden truncate text-muted sm:table-cell">
                <RelativeTime at={secret.updatedAt} /> by {secret.updatedBy}
              </Td>
              <Td className="text-right whitespace-nowrap">
                {mayChange ? (
                  <span className="inline-flex gap-2">
                    <Button size="sm" onClick={() => setRotating(secret.name)}>
                      Rotate<span className="sr-only"> {secret.name}</span>
                    </Button>
                    <Button size="sm" variant="danger" onClick={() => setAsking(secret.name)}>
                      Delete<span className="sr-only"> {secret.name}</span>
                    </Button>
                  </span>
                ) : null}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {rotating ? <SecretForm rotates={rotating} onClose={() => setRotating(null)} /> : null}
      <Confirm
        open={asking !== null}
        onOpenChange={() => {
          setAsking(null);
          remove.reset();
        }}
        title={`Delete ${asking ?? "this secret"}?`}
        confirmLabel="Delete secret"
        onConfirm={() => asking && remove.mutate({ name: asking })}
        pending={remove.isPending}
        error={remove.error?.message}
      >
        Older versions that name it can't be built any more. The value can't be brought back.
      </Confirm>
    </>
  );
}

function Uses({ uses }: { uses: SecretWire["usedBy"] }) {
  if (uses.length === 0) return "nothing";
  return uses.map(({ profile, version }, index) => (
    <span key={profile}>
      {index > 0 ? ", " : ""}
      <Link href={`/profiles/${profile}`} className="underline underline-offset-3">
        {profile}
      </Link>{" "}
      v{version}
    </span>
  ));
}
