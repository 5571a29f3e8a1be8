import { Archive, ArchiveRestore, HardDrive } from "lucide-react";
import { RelativeTime } from "@/components/time/relative-time";
import { formatSize } from "@/lib/format";
import type { PersistedWire, VolumeWire } from "@/lib/volumes/wire";

/** What of a persistent session outlives its container, how much that is, and what doesn't. */
export function PersistedFacts({ persisted }: { persisted: PersistedWire }) {
  const { volumes, limitBytes, archivesAt } = persisted;
  const known = volumes.flatMap(({ bytes }) => bytes ?? []);
  const total = known.reduce((sum, bytes) => sum + bytes, 0);
  return (
    <div className="flex flex-col gap-2 text-sm">
      <ul className="flex flex-col gap-2" aria-label="Persistent folders">
        {volumes.map((volume) => (
          <Folder key={volume.path} volume={volume} />
        ))}
      </ul>
      <p className="text-xs text-muted">
        {known.length > 0
          ? `${formatSize(total)} of ${formatSize(limitBytes)}`
          : `Up to ${formatSize(limitBytes)}`}
        {total > limitBytes ? ": too much. Make room, or it is stopped." : ""}
      </p>
      {archivesAt ? (
        <p className="text-xs text-muted">
          Unless it is resumed, its files are compressed into an archive <RelativeTime at={archivesAt} />.
          Resuming brings them back.
        </p>
      ) : null}
      <p className="text-xs text-muted">
        These survive stopping, moving and the loss of its container. Programs and all other files don’t
        survive a move, a loss or an archive. Folders and archives are on this host’s disk: keep copies
        elsewhere.
      </p>
    </div>
  );
}

function Folder({ volume: { path, state, bytes, archiveBytes } }: { volume: VolumeWire }) {
  const size = bytes === null ? null : formatSize(bytes);
  const words = {
    new: "filled from the image when it starts",
    live: size ?? "not measured yet",
    archiving: `archiving ${size ?? "its files"}`,
    archived: `archived${archiveBytes === null ? "" : `, ${formatSize(archiveBytes)} compressed`}`,
    restoring: `restoring its files${size ? `, ${size}` : ""}`,
  }[state];
  const Icon =
    state === "archived" || state === "archiving"
      ? Archive
      : state === "restoring"
        ? ArchiveRestore
        : HardDrive;
  return (
    <li className="flex min-w-0 gap-2">
      <Icon className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden="true" />
      <span className="min-w-0">
        <span className="block font-mono text-xs leading-5 break-all">{path}</span>
        <span className="block text-xs text-muted">{words}</span>
      </span>
    </li>
  );
}
