import { Figure } from "@/components/ui/figure";
import { formatCount, formatDuration, formatSize } from "@/lib/format";
import { VALUE_DAYS, type ValueWire } from "@/lib/value/wire";

/** What a profile's snapshots have been worth lately: one line of figures, each with its name. */
export function ValueFacts({ value }: { value: ValueWire }) {
  const { starts, startMs, setupMs, savedMs, images } = value;
  return (
    <section aria-label={`The last ${VALUE_DAYS} days`} className="max-sm:order-last">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 rounded-lg border bg-surface px-4 py-3 sm:flex sm:flex-wrap sm:gap-x-10">
        <Figure name="Sessions started" note={`in ${VALUE_DAYS} days`}>
          {starts.toLocaleString("en")}
        </Figure>
        {startMs ? (
          <Figure name="Start" note={`95 of 100 within ${spell(startMs.p95)}`}>
            {spell(startMs.median)}
          </Figure>
        ) : null}
        {setupMs !== null ? (
          <Figure name="Setting up without a snapshot" note="by its builds’ own steps">
            {spell(setupMs)}
          </Figure>
        ) : null}
        {savedMs > 0 ? (
          <Figure name="Saved" note={`in ${VALUE_DAYS} days`}>
            {formatDuration(savedMs)}
          </Figure>
        ) : null}
        <Figure
          name="Storage"
          note={
            images.count > 1 ? `${formatCount(images.count, "image")}, what they share in each` : "1 image"
          }
        >
          {images.count > 0 ? formatSize(images.bytes) : "none"}
        </Figure>
      </dl>
    </section>
  );
}

/** A start may be so short that tenths of a second say little. */
const spell = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : formatDuration(ms));
