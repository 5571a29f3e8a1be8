import { ExternalLink } from "lucide-react";
import { buttonClass } from "@/components/ui/button-class";
import type { Port } from "@/lib/activity/wire";

const reach: Record<Port["address"], string> = {
  any: "all addresses",
  loopback: "only itself",
  one: "one address",
};

interface Props {
  ports: readonly Port[];
  /** Where a preview of the port is. */
  previewOf: (port: number) => string;
}

/** Where something listens in a session, and for whom; each can be previewed. */
export function PortList({ ports, previewOf }: Props) {
  if (ports.length === 0) return <p className="text-sm text-muted">Nothing listens on a port.</p>;
  return (
    <ul aria-label="Ports" className="flex flex-wrap gap-2">
      {ports.map(({ port, address }) => (
        <li
          key={port}
          className="flex items-center gap-2 rounded-md border bg-surface py-1 pr-1 pl-2.5 text-sm"
        >
          <span className="font-mono text-xs font-medium tabular-nums">{port}</span>
          <span className="text-xs text-muted">{reach[address]}</span>
          {/* Not Next's link, which would fetch it beforehand: it leads out of the dashboard. */}
          <a
            href={previewOf(port)}
            target="_blank"
            rel="noreferrer"
            aria-label={`Open port ${port} in a new tab`}
            className={buttonClass({ variant: "ghost", size: "sm" })}
          >
            Open
            <ExternalLink aria-hidden="true" />
          </a>
        </li>
      ))}
    </ul>
  );
}
