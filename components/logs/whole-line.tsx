"use client";

import { useQuery } from "@tanstack/react-query";
import { CopyButton } from "@/components/copy-button/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { cleanText } from "@/lib/logs/ansi";
import { keys } from "@/lib/query-keys";
import type { LogLine } from "@/lib/snapshots/wire";

/** Far more than anybody reads; a browser lays out no more of one paragraph in good time. */
const MOST_SHOWN = 256 * 1024;

/** All of a line that is too long for the list. */
export function WholeLine({
  line: { line, text, more = 0 },
  rawHref,
  onClose,
}: {
  line: LogLine;
  rawHref: string;
  onClose: () => void;
}) {
  const { data, error } = useQuery({
    queryKey: [...keys.snapshots, "line", rawHref, line],
    queryFn: async ({ signal }) => {
      const response = await fetch(`${rawHref}?line=${line}`, { signal, headers: { accept: "text/plain" } });
      if (!response.ok) throw new Error(`The server answered ${response.status}.`);
      return (await response.text()).replace(/\n$/, "");
    },
    enabled: more > 0,
  });
  const whole = cleanText(data ?? text);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title={`Line ${line.toLocaleString("en")}`}
      description={`${whole.length.toLocaleString("en")} characters`}
      footer={<CopyButton value={whole} label="Copy the line" />}
    >
      {error ? (
        <Notice kind="failed">The rest of the line could not be loaded. Download the raw log.</Notice>
      ) : null}
      <p className="font-mono text-xs leading-5 break-all whitespace-pre-wrap" dir="ltr">
        {whole.slice(0, MOST_SHOWN)}
      </p>
      {whole.length > MOST_SHOWN ? (
        <Notice kind="info">There is more: copy it, or download the raw log.</Notice>
      ) : null}
    </Dialog>
  );
}
