import { Fact, Facts } from "@/components/facts/facts";
import { Duration } from "@/components/time/duration";
import { RelativeTime } from "@/components/time/relative-time";
import { isActive } from "@/lib/snapshots/state";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** Asked and enforced are two facts: who wanted it to end, and when nothing of it ran any more. */
export function CancelFacts({
  snapshot: { status, cancelRequestedAt, cancelRequestedBy, cancelEnforcedAt },
}: {
  snapshot: SnapshotWire;
}) {
  if (!cancelRequestedAt) return null;
  return (
    <Facts title="Cancellation">
      <Fact name="Asked by">{cancelRequestedBy ?? "somebody"}</Fact>
      <Fact name="Asked">
        <RelativeTime at={cancelRequestedAt} />
      </Fact>
      {cancelEnforcedAt ? (
        <>
          <Fact name="Enforced">
            <RelativeTime at={cancelEnforcedAt} />
          </Fact>
          <Fact name="That took">
            <Duration from={cancelRequestedAt} to={cancelEnforcedAt} className="font-mono text-xs" />
          </Fact>
        </>
      ) : (
        <Fact name="Enforced">
          {isActive(status)
            ? "not yet"
            : status === "cancelled"
              ? "when its container is gone"
              : `no: it was ${status} first`}
        </Fact>
      )}
    </Facts>
  );
}
