import { CopyButton } from "@/components/copy-button/copy-button";
import { Fact, Facts } from "@/components/facts/facts";
import { formatSize, shortId } from "@/lib/format";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** The image that came out of it, and how to look inside. */
export function ImageFacts({
  image,
  removed,
}: {
  image: NonNullable<SnapshotWire["image"]>;
  removed: boolean;
}) {
  const command = `docker run --rm -it ${image.reference}`;
  return (
    <Facts title="Image">
      <Fact name="Size" className="font-mono text-xs">
        {formatSize(image.sizeBytes)}
      </Fact>
      <Fact name="Id" className="font-mono text-xs">
        <span title={image.id}>{shortId(image.id)}</span>
        <CopyButton value={image.id} label="Copy image id" />
      </Fact>
      {removed ? (
        <Fact name="On the host">removed</Fact>
      ) : (
        <div className="mt-1 flex items-start gap-1 rounded-md border bg-sunken py-1 pr-1 pl-2.5">
          <dt className="sr-only">Run it on its host</dt>
          <dd className="flex min-w-0 flex-1 gap-1">
            <code className="min-w-0 flex-1 py-0.5 font-mono text-xs leading-5 break-all">{command}</code>
            <CopyButton value={command} label="Copy docker run line" />
          </dd>
        </div>
      )}
    </Facts>
  );
}
