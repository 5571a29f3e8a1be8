"use client";

import { ExternalLink } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

const MAX_PORT = 65_535;

/** A place to type a port into that isn't listed, and to see what it serves. */
export function PortEntry({ previewOf }: { previewOf: (port: number) => string }) {
  const [wrong, setWrong] = useState(false);
  const open = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get("port");
    const port = typeof typed === "string" && /^\d{1,5}$/.test(typed.trim()) ? Number(typed) : 0;
    const right = port >= 1 && port <= MAX_PORT;
    setWrong(!right);
    if (right) window.open(previewOf(port), "_blank", "noreferrer");
  };
  return (
    <form onSubmit={open} noValidate className="flex flex-wrap items-center gap-2">
      <Input
        name="port"
        aria-label="Port to preview"
        aria-invalid={wrong || undefined}
        aria-describedby={wrong ? "port-wrong" : undefined}
        placeholder="Port"
        inputMode="numeric"
        autoComplete="off"
        onChange={() => setWrong(false)}
        className="w-24 font-mono text-xs"
      />
      <Button type="submit" icon={<ExternalLink />}>
        Open preview
      </Button>
      {wrong ? (
        <p id="port-wrong" role="alert" className="text-xs text-failed">
          Give a port from 1 to 65535.
        </p>
      ) : null}
    </form>
  );
}
