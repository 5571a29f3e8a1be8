"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { useMay } from "@/components/frame/user-context";
import { Notice } from "@/components/ui/notice";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { folderQuery } from "@/lib/sessions/queries";
import type { SessionWire } from "@/lib/sessions/wire";
import { closedReason } from "../closed-reason";
import { FolderView } from "./folder-view";

/** The session's files: its working folder first; the address names the folder. */
export function SessionFiles({ session }: { session: SessionWire }) {
  const closed = closedReason(session, useMay("operator"), "Looking at its files");
  const [path, setPath] = useQueryState("path", { defaultValue: "." });
  const { data, error, isFetching, refetch } = useQuery({
    ...folderQuery(session.id, path),
    enabled: closed === null,
    placeholderData: keepPreviousData,
  });
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4">
      {closed ? <Notice kind="info">{closed}</Notice> : null}
      {error && !closed ? (
        <Notice kind="failed" title="The folder can’t be read.">
          {error.message}{" "}
          <button type="button" className="underline" onClick={() => void setPath(null)}>
            Go to the working folder
          </button>
        </Notice>
      ) : null}
      {!closed && !error && !data ? (
        <Loading what="the folder">
          <Skeleton className="h-40 w-full" />
        </Loading>
      ) : null}
      {!closed && !error && data ? (
        <FolderView
          sessionId={session.id}
          folder={data}
          reading={isFetching}
          onGo={(next) => void setPath(next, { history: "push" })}
          onChanged={() => void refetch()}
        />
      ) : null}
    </div>
  );
}
