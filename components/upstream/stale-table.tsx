import { CalendarX2, GitCommitHorizontal, KeyRound, Layers2, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { RelativeTime } from "@/components/time/relative-time";
import { RowLink, Table, Td, Th, Tr } from "@/components/ui/table";
import type { StaleReason, StaleWire } from "@/lib/upstream/wire";

const looks: Record<StaleReason["kind"], { icon: ReactNode; words: string }> = {
  base_changed: { icon: <Layers2 />, words: "Base image moved" },
  repository_changed: { icon: <GitCommitHorizontal />, words: "Repository moved" },
  secret_rotated: { icon: <KeyRound />, words: "Secret rotated" },
  age: { icon: <CalendarX2 />, words: "Too old" },
};

/** Each version with why its snapshot is out of date, and since when. */
export function StaleTable({ stale }: { stale: readonly StaleWire[] }) {
  return (
    <Table label="Out of date">
      <thead>
        <tr>
          <Th>Profile</Th>
          <Th>Why</Th>
          <Th className="w-40 max-sm:hidden">Snapshot</Th>
        </tr>
      </thead>
      <tbody>
        {stale.map(({ profile, version, snapshot, reasons, refreshing }) => (
          <Tr key={snapshot.id}>
            <Td>
              <RowLink href={`/profiles/${profile.slug}?v=${version}`} className="block truncate">
                {profile.name}
              </RowLink>
              <span className="block text-xs text-muted">
                Version {version}
                {refreshing ? (
                  <span className="ml-2 inline-flex items-center gap-1">
                    <LoaderCircle className="size-3" aria-hidden="true" />
                    being refreshed
                  </span>
                ) : null}
              </span>
            </Td>
            <Td>
              <ul className="flex flex-col gap-0.5">
                {reasons.map(({ kind, since }) => (
                  <li key={kind} className="flex items-start gap-1.5">
                    <span aria-hidden="true" className="mt-0.75 shrink-0 text-muted [&>svg]:size-3.5">
                      {looks[kind].icon}
                    </span>
                    <span>
                      {looks[kind].words}
                      {since ? (
                        <span className="text-muted">
                          , <RelativeTime at={since} />
                        </span>
                      ) : null}
                    </span>
                  </li>
                ))}
              </ul>
            </Td>
            <Td className="max-sm:hidden">
              <span className="font-mono text-xs">#{snapshot.number}</span>
              <span className="block text-xs text-muted">
                <RelativeTime at={snapshot.finishedAt} />
              </span>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
