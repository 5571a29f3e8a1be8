"use client";

import { useRouter } from "next/navigation";
import { setPersistence } from "@/app/actions/sessions";
import { useAction } from "@/app/use-action";
import { Notice } from "@/components/ui/notice";
import { Switch } from "@/components/ui/switch";
import { formatCount } from "@/lib/format";
import type { PersistenceWire } from "@/lib/volumes/wire";

/** Whether persistent sessions may be started here, and what that costs. */
export function PersistenceSwitch({ allowed, by, archiveDays }: PersistenceWire) {
  const router = useRouter();
  const set = useAction(setPersistence, () => router.refresh());
  return (
    <div className="flex flex-col gap-4">
      <Switch
        label="Allow persistent sessions"
        hint="For new ones. Those that are persistent already stay so when this is switched off."
        checked={set.data?.allowed ?? allowed}
        disabled={set.isPending}
        onCheckedChange={(next) => set.mutate({ allowed: next })}
      />
      <p className="text-sm text-muted">
        Their folders take disk on their host. After {formatCount(archiveDays, "day")} without use they are
        compressed into an archive on the disk of that host’s worker, and come back when the session is
        resumed. Neither is a backup.{by ? ` Last changed by ${by}.` : ""}
      </p>
      {set.error ? <Notice kind="failed">{set.error.message}</Notice> : null}
    </div>
  );
}
