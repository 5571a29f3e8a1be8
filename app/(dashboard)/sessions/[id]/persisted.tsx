"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { moveSession } from "@/app/actions/sessions";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { PersistedFacts } from "@/components/sessions/persisted-facts";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { Notice } from "@/components/ui/notice";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import type { SessionWire } from "@/lib/sessions/wire";
import { persistedQuery } from "@/lib/volumes/queries";
import type { PersistedWire } from "@/lib/volumes/wire";
import { MoveToVersion } from "./move-to-version";

/** What persists of the session, and its move to a newer snapshot. */
export function Persisted({ session }: { session: SessionWire }) {
  const { data, error } = useQuery(persistedQuery(session.id));
  return (
    <section className="flex flex-col gap-3 border-t px-4 py-4" aria-labelledby="persisted">
      <h2 id="persisted" className="text-xs font-medium text-muted">
        What persists
      </h2>
      {data ? (
        <>
          <PersistedFacts persisted={data} />
          <Move session={session} persisted={data} />
        </>
      ) : error ? (
        <Notice kind="failed">{error.message}</Notice>
      ) : (
        <Loading what="what persists">
          <Skeleton className="w-40 max-w-full" />
        </Loading>
      )}
    </section>
  );
}

function Move({
  session,
  persisted: { newest, movingTo, volumes },
}: {
  session: SessionWire;
  persisted: PersistedWire;
}) {
  const [asking, setAsking] = useState<"newest" | "version" | null>(null);
  const may = useMay("operator");
  const move = useAction(moveSession, () => setAsking(null));
  if (movingTo)
    return (
      <p role="status" className="text-sm">
        Moving to snapshot #{movingTo.number}…
      </p>
    );
  const movable =
    session.status === "running" ||
    session.status === "stopped" ||
    session.status === "expired" ||
    session.status === "failed";
  if (!may || !movable) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {newest ? (
        <Button size="sm" onClick={() => setAsking("newest")}>
          Move to the newest snapshot
        </Button>
      ) : null}
      <Button size="sm" onClick={() => setAsking("version")}>
        Move to another version
      </Button>
      {asking === "version" ? <MoveToVersion session={session} onClose={() => setAsking(null)} /> : null}
      <Confirm
        open={asking === "newest"}
        onOpenChange={(open) => {
          setAsking(open ? "newest" : null);
          move.reset();
        }}
        title={`Move ${session.name} to snapshot #${newest?.number}?`}
        confirmLabel="Move session"
        keepLabel="Not now"
        onConfirm={() => move.mutate({ id: session.id })}
        pending={move.isPending}
        error={move.error?.message}
      >
        Its container is replaced by one from #{newest?.number}; it is from #{session.snapshotNumber} now.{" "}
        {stays(volumes.map(({ path }) => path))} Programs that run in it end, and all other files are as in
        the snapshot. If the new container can’t start, it goes on in the old one.
      </Confirm>
    </div>
  );
}

const stays = (paths: readonly string[]) =>
  paths.length === 1 ? `${paths[0]} stays as it is.` : `${paths.join(", ")} stay as they are.`;
