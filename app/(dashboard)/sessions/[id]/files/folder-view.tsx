"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Download, Trash2 } from "lucide-react";
import { useState } from "react";
import { FileSheet } from "@/components/sessions/file-sheet";
import { FileTable } from "@/components/sessions/file-table";
import { FolderBar } from "@/components/sessions/folder-bar";
import { Confirm } from "@/components/ui/confirm";
import { IconButton } from "@/components/ui/icon-button";
import { Notice } from "@/components/ui/notice";
import { formatCount } from "@/lib/format";
import { folderAbove, pathIn } from "@/lib/sessions/entries";
import { deleteFile, fileAddress, readText } from "@/lib/sessions/file-client";
import type { Entry, Folder } from "@/lib/sessions/wire";
import { useUploads } from "./use-uploads";

interface Props {
  sessionId: string;
  folder: Folder;
  reading: boolean;
  onGo: (path: string) => void;
  onChanged: () => void;
}

/** One folder of a session: opened, uploaded to, downloaded and tidied. */
export function FolderView({ sessionId, folder, reading, onGo, onChanged }: Props) {
  const { path, items, truncated } = folder;
  const [opened, setOpened] = useState<string | null>(null);
  const [doomed, setDoomed] = useState<Entry | null>(null);
  /** Uploads that would take another file's place. */
  const [replacing, setReplacing] = useState<File[]>([]);
  const { upload, progress, error } = useUploads(sessionId, path, onChanged);
  const content = useQuery({
    queryKey: ["kiln-files", sessionId, "content", opened],
    queryFn: ({ signal }) => readText(sessionId, opened ?? "", signal),
    enabled: opened !== null,
    gcTime: 0,
    retry: false,
  });
  const removal = useMutation({
    mutationFn: ({ name }: Entry) => deleteFile(sessionId, pathIn(path, name)),
    onSuccess: () => setDoomed(null),
    onSettled: onChanged,
  });
  const above = folderAbove(path);
  const taken = (files: File[]) => files.filter(({ name }) => items.some((entry) => entry.name === name));
  return (
    <>
      <FolderBar
        path={path}
        onGo={onGo}
        onReload={onChanged}
        reloading={reading}
        uploading={progress}
        onUpload={(files) => {
          if (taken(files).length > 0) setReplacing(files);
          else if (files.length > 0) upload(files);
        }}
        download={fileAddress(sessionId, path)}
      />
      {error ? (
        <Notice kind="failed" title="Not all of it was uploaded.">
          {error.message}
        </Notice>
      ) : null}
      {truncated ? (
        <Notice kind="info">
          It has more than the {formatCount(items.length, "entry", "entries")} below. Use the terminal for the
          rest.
        </Notice>
      ) : null}
      <FileTable
        entries={items}
        onUp={above === null ? null : () => onGo(above)}
        onOpen={(entry) => {
          const place = pathIn(path, entry.name);
          if (entry.kind === "folder") onGo(place);
          else setOpened(place);
        }}
        controls={(entry) => (
          <>
            <a
              href={fileAddress(sessionId, pathIn(path, entry.name))}
              download
              aria-label={`Download ${entry.name}`}
              className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink [&_svg]:size-4"
            >
              <Download aria-hidden="true" />
            </a>
            <IconButton label={`Delete ${entry.name}`} icon={<Trash2 />} onClick={() => setDoomed(entry)} />
          </>
        )}
      />
      {items.length === 0 ? <p className="text-sm text-muted">Nothing is in this folder yet.</p> : null}
      <FileSheet
        path={opened}
        content={content.data}
        error={content.error?.message}
        download={opened === null ? "" : fileAddress(sessionId, opened)}
        onClose={() => setOpened(null)}
      />
      <Confirm
        open={doomed !== null}
        onOpenChange={() => {
          setDoomed(null);
          // The next one hasn't been refused.
          removal.reset();
        }}
        title={`Delete ${doomed?.name ?? ""}?`}
        confirmLabel={doomed?.kind === "folder" && !doomed.isLink ? "Delete folder" : "Delete file"}
        onConfirm={() => doomed && removal.mutate(doomed)}
        pending={removal.isPending}
        error={removal.error?.message}
      >
        {doomed?.kind === "folder" && !doomed.isLink
          ? "It goes with everything in it, and can’t be brought back."
          : "It can’t be brought back."}
      </Confirm>
      <Confirm
        open={replacing.length > 0}
        onOpenChange={(open) => (open ? undefined : setReplacing([]))}
        title={`Replace ${taken(replacing)
          .map(({ name }) => name)
          .join(", ")}?`}
        confirmLabel="Replace"
        keepLabel="Keep what is there"
        onConfirm={() => {
          upload(replacing);
          setReplacing([]);
        }}
      >
        What is there by that name in {path} is lost.
      </Confirm>
    </>
  );
}
