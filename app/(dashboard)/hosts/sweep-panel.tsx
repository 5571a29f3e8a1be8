"use client";

import { Brush, Search } from "lucide-react";
import { sweepHosts } from "@/app/actions/hosts";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { SweepTable } from "@/components/hosts/sweep-table";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { formatSize } from "@/lib/format";
import type { HostSweep } from "@/lib/sweeps/wire";

/** What nobody needs any more: looked at first, and removed when asked to. */
export function SweepPanel() {
  const sweep = useAction(sweepHosts);
  if (!useMay("admin")) return null;
  const running = (dryRun: boolean) => sweep.isPending && sweep.variables.dryRun === dryRun;
  return (
    <Section
      title="Sweep"
      description="Containers, images and volumes of Kiln that no snapshot, session or build needs. They go by themselves every few minutes; what other people made is never touched."
      actions={
        <div className="flex gap-2">
          <Button
            icon={<Search />}
            pending={running(true)}
            disabled={sweep.isPending}
            onClick={() => sweep.mutate({ dryRun: true })}
          >
            Show what would go
          </Button>
          <Button
            icon={<Brush />}
            pending={running(false)}
            disabled={sweep.isPending}
            onClick={() => sweep.mutate({ dryRun: false })}
          >
            Sweep now
          </Button>
        </div>
      }
    >
      {sweep.error ? <Notice kind="failed">{sweep.error.message}</Notice> : null}
      {sweep.data?.hosts.map((host) => (
        <Result key={host.host} sweep={host} dryRun={sweep.data.dryRun} />
      ))}
    </Section>
  );
}

function Result({ sweep, dryRun }: { sweep: HostSweep; dryRun: boolean }) {
  const { host, items, exclusiveBytes, error } = sweep;
  if (error) return <Notice kind="failed">{`${host}: ${error}`}</Notice>;
  if (items.length === 0) return <p className="text-sm">{host}: everything that is there is needed.</p>;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm">
        {host}: {formatSize(exclusiveBytes)} {dryRun ? "would be" : "were"} freed.
      </p>
      <SweepTable sweep={sweep} />
    </div>
  );
}
