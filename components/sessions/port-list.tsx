import type { Port } from "@/lib/activity/wire";

const reach: Record<Port["address"], string> = {
  any: "all addresses",
  loopback: "only itself",
  one: "one address",
};

/** Where something listens in a session, and for whom. */
export function PortList({ ports }: { ports: readonly Port[] }) {
  if (ports.length === 0) return <p className="text-sm text-muted">Nothing listens on a port.</p>;
  return (
    <ul aria-label="Ports" className="flex flex-wrap gap-2">
      {ports.map(({ port, address }) => (
        <li key={port} className="flex items-baseline gap-2 rounded-md border bg-surface px-2.5 py-1 text-sm">
          <span className="font-mono text-xs font-medium tabular-nums">{port}</span>
          <span className="text-xs text-muted">{reach[address]}</span>
        </li>
      ))}
    </ul>
  );
}
