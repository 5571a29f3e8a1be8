import type { ReactNode } from "react";
import { RelativeTime } from "@/components/time/relative-time";
import { Table, Td, Th } from "@/components/ui/table";
import type { CacheWire } from "@/lib/caches/wire";
import { formatSize } from "@/lib/format";

/** A profile's caches: how much each holds, and when a build used it. `control` is what can be done about one. */
export function CacheTable({
  caches,
  control,
}: {
  caches: readonly CacheWire[];
  control: ((cache: CacheWire) => ReactNode) | null;
}) {
  const hosts = new Set(caches.map(({ host }) => host));
  return (
    <Table label="Caches">
      <thead>
        <tr>
          <Th>Folder</Th>
          <Th className="w-24 text-right">Size</Th>
          <Th className="w-28 max-sm:hidden">Last used</Th>
          {control ? (
            <Th className="w-24">
              <span className="sr-only">Actions</span>
            </Th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {caches.map((cache) => (
          <tr key={`${cache.path} ${cache.host}`} className="border-b last:border-b-0">
            <Td>
              <span className="block font-mono text-xs break-all">{cache.path}</span>
              {hosts.size > 1 ? <span className="block text-xs text-muted">on {cache.host}</span> : null}
              <Clearing cache={cache} />
            </Td>
            <Td className="text-right font-mono text-xs whitespace-nowrap">
              {cache.bytes === null ? <span className="text-muted">not yet</span> : formatSize(cache.bytes)}
            </Td>
            <Td className="whitespace-nowrap text-muted max-sm:hidden">
              <RelativeTime at={cache.usedAt} />
            </Td>
            {control ? <Td className="text-right whitespace-nowrap">{control(cache)}</Td> : null}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Clearing({ cache: { clearRequestedAt, clearedAt, usedAt, host } }: { cache: CacheWire }) {
  if (clearRequestedAt)
    return (
      <span className="block text-xs text-muted">
        Is cleared as soon as no build uses it and a worker runs on {host}.
      </span>
    );
  if (!clearedAt || Date.parse(clearedAt) < Date.parse(usedAt)) return null;
  return (
    <span className="block text-xs text-muted">
      Cleared <RelativeTime at={clearedAt} />.
    </span>
  );
}
