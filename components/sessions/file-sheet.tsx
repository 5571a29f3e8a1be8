"use client";

import { CopyButton } from "@/components/copy-button/copy-button";
import { Notice } from "@/components/ui/notice";
import { Sheet } from "@/components/ui/sheet";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { formatSize } from "@/lib/format";
import type { Shown } from "@/lib/sessions/file-client";

interface Props {
  /** Null when none is open. */
  path: string | null;
  content: Shown | undefined;
  error: string | undefined;
  download: string;
  onClose: () => void;
}

/** A file of a session, to be read. */
export function FileSheet({ path, content, error, download, onClose }: Props) {
  return (
    <Sheet
      open={path !== null}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={<span className="font-mono text-sm break-all">{path}</span>}
      size="lg"
      footer={
        <a href={download} download className="text-sm font-medium underline underline-offset-2">
          Download
        </a>
      }
    >
      {error ? <Notice kind="failed">{error}</Notice> : null}
      {!content && !error ? (
        <Loading what="the file">
          <Skeleton className="h-40 w-full" />
        </Loading>
      ) : null}
      {content?.kind === "text" ? (
        <div className="relative">
          <div className="absolute top-2 right-2">
            <CopyButton value={content.text} label="Copy the file" />
          </div>
          <pre className="overflow-x-auto rounded-lg border bg-sunken p-4 pr-12 font-mono text-xs whitespace-pre-wrap break-words">
            {content.text === "" ? <span className="text-muted">The file is empty.</span> : content.text}
          </pre>
        </div>
      ) : null}
      {content?.kind === "large" || content?.kind === "binary" ? (
        <Notice kind="info">
          {content.kind === "large"
            ? `It has ${formatSize(content.bytes)}, too much to be shown here. Download it.`
            : `It isn't text (${formatSize(content.bytes)}). Download it.`}
        </Notice>
      ) : null}
    </Sheet>
  );
}
