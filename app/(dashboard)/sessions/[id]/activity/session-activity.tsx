"use client";

import { useMay } from "@/components/frame/user-context";
import { LoadGraph } from "@/components/sessions/load-graph";
import { PortEntry } from "@/components/sessions/port-entry";
import { PortList } from "@/components/sessions/port-list";
import { ProcessTable } from "@/components/sessions/process-table";
import { Notice } from "@/components/ui/notice";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { formatSize } from "@/lib/format";
import { previewLink } from "@/lib/previews/links";
import type { SessionWire } from "@/lib/sessions/wire";
import { closedReason } from "../closed-reason";
import { useDisk } from "./use-disk";
import { useLoad } from "./use-load";

/** What the session does: its load, where something listens, and its processes; live while it is looked at. */
export function SessionActivity({ session }: { session: SessionWire }) {
  const closed = closedReason(session, useMay("operator"), "Looking at its processes");
  const { activity, error, history } = useLoad(session.id, closed === null);
  const previewOf = (port: number) => previewLink(session.id, port);
  const disk = useDisk(session.id, closed === null);
  const cores = history.at(-1)?.cores ?? null;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
      {closed ? <Notice kind="info">{closed}</Notice> : null}
      {error && !closed ? (
        <>
          <Notice kind="failed" title="It can’t be looked into now.">
            {error.message}
          </Notice>
          {activity ? null : <PortEntry previewOf={previewOf} />}
        </>
      ) : null}
      {!closed && !error && !activity ? (
        <Loading what="what runs in the session">
          <Skeleton className="h-24 w-full" />
        </Loading>
      ) : null}
      {!closed && activity ? (
        <>
          <div className="grid gap-3 sm:grid-cols-3 sm:gap-4">
            <LoadGraph
              name="CPU"
              now={cores === null ? "measuring" : `${cores.toFixed(2)} cores`}
              of={null}
              values={history.map((load) => load.cores)}
              top={1}
            />
            <LoadGraph
              name="Memory"
              now={activity.memoryBytes === null ? "unknown" : formatSize(activity.memoryBytes)}
              of={activity.memoryLimitBytes === null ? null : formatSize(activity.memoryLimitBytes)}
              values={history.map((load) => load.memoryBytes)}
              top={activity.memoryLimitBytes ?? 0}
            />
            <LoadGraph
              name="Disk"
              now={disk.words}
              of={disk.limitBytes === null ? null : formatSize(disk.limitBytes)}
              values={disk.history}
              top={disk.limitBytes ?? 0}
            />
          </div>
          <section className="flex flex-col gap-2">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <h2 className="text-sm font-medium">Ports</h2>
              <PortEntry previewOf={previewOf} />
            </div>
            <PortList ports={activity.ports} previewOf={previewOf} />
          </section>
          <section className="flex flex-col gap-2">
            <h2 className="text-sm font-medium">Processes</h2>
            <ProcessTable processes={activity.processes} />
          </section>
        </>
      ) : null}
    </div>
  );
}
