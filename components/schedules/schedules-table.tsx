import { RelativeTime } from "@/components/time/relative-time";
import { RowLink, Table, Td, Th, Tr } from "@/components/ui/table";
import type { ListedScheduleWire } from "@/lib/schedules/wire";
import { RunOutcome } from "./run-outcome";

/** Every version that is refreshed by itself: when, when next, and how it went last. */
export function SchedulesTable({ schedules }: { schedules: readonly ListedScheduleWire[] }) {
  return (
    <Table label="Schedules">
      <thead>
        <tr>
          <Th>Profile</Th>
          <Th className="max-md:hidden">When</Th>
          <Th className="w-32 lg:w-64">Next</Th>
          <Th className="max-sm:hidden">Last time</Th>
        </tr>
      </thead>
      <tbody>
        {schedules.map((schedule) => {
          const { profile, version, words, timezone, lastRun } = schedule;
          return (
            <Tr key={`${profile.slug} ${version}`}>
              <Td>
                <RowLink href={`/profiles/${profile.slug}?v=${version}`} className="block truncate">
                  {profile.name}
                </RowLink>
                <span className="block text-xs text-muted">Version {version}</span>
              </Td>
              <Td className="max-md:hidden">
                {words}
                <span className="block text-xs text-muted">{timezone}</span>
              </Td>
              <Td>
                <Next schedule={schedule} />
              </Td>
              <Td className="max-sm:hidden">
                {lastRun ? <RunOutcome run={lastRun} /> : <span className="text-muted">Not yet</span>}
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}

function Next({ schedule: { enabled, pausedReason, next, nextRuns } }: { schedule: ListedScheduleWire }) {
  if (pausedReason) return <span className="text-failed">Stopped by itself</span>;
  if (!enabled) return <span className="text-muted">Switched off</span>;
  if (!next) return <span className="text-muted">{nextRuns[0] ? "Superseded" : "Never again"}</span>;
  return (
    <>
      <RelativeTime at={next.startsAt} />
      {next.blackout ? <span className="block text-xs text-muted">{next.blackout}</span> : null}
    </>
  );
}
