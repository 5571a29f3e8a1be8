"use client";

import { RefreshCw, Upload } from "lucide-react";
import { type SyntheticEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";

interface Props {
  /** Where one is. */
  path: string;
  onGo: (path: string) => void;
  onReload: () => void;
  reloading: boolean;
  onUpload: (files: File[]) => void;
  /** How far it is, in words; null when nothing is uploaded. */
  uploading: string | null;
  download: string;
}

interface Typed {
  text: string;
  /** Where one was when it was gone to; without it it is still being typed. */
  goneFrom?: string;
}

/** Where one is among a session's files, and what can be done with the whole folder. */
export function FolderBar({ path, onGo, onReload, reloading, onUpload, uploading, download }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<Typed | null>(null);
  // A folder that comes while another one is typed takes nothing away; the one that was gone to does.
  if (typed?.goneFrom !== undefined && typed.goneFrom !== path) setTyped(null);
  const text = typed?.text ?? path;
  const go = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const to = text.trim();
    if (to === "") return;
    setTyped({ text, goneFrom: path });
    onGo(to);
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <form onSubmit={go} className="min-w-48 flex-1">
        <Input
          aria-label="Folder"
          value={text}
          onChange={({ target }) => setTyped({ text: target.value })}
          // What was typed and not gone to gives way to where one is.
          onBlur={() => setTyped((last) => (last?.goneFrom === undefined ? null : last))}
          className="w-full font-mono text-xs"
          spellCheck={false}
          autoComplete="off"
        />
      </form>
      <IconButton label="Read the folder again" icon={<RefreshCw />} onClick={onReload} pending={reloading} />
      <input
        ref={chooser}
        type="file"
        multiple
        aria-label="Files to upload"
        className="hidden"
        onChange={({ currentTarget }) => {
          onUpload([...(currentTarget.files ?? [])]);
          // The same file may be chosen once more.
          currentTarget.value = "";
        }}
      />
      <Button icon={<Upload />} pending={uploading !== null} onClick={() => chooser.current?.click()}>
        {uploading ?? "Upload files"}
      </Button>
      <a
        href={download}
        download
        className="inline-flex h-8 items-center rounded-md px-2 text-sm text-muted hover:bg-hover hover:text-ink"
      >
        Download folder
      </a>
    </div>
  );
}
