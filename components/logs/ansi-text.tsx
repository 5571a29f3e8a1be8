import { cn } from "@/components/cn";
import { linkAddresses } from "@/lib/logs/addresses";
import { clipRuns, parseAnsi, type Run } from "@/lib/logs/ansi";
import type { Style } from "@/lib/logs/sgr";
import { cssOf } from "./ansi-style";
import { type Piece, piecesOf } from "./pieces";
import { spansIn } from "./search";

/** Of a longer line the beginning is shown, and how much there is more: as much as lists have of it. */
export const SHOWN_CHARACTERS = 16 * 1024;

interface AnsiTextProps {
  text: string;
  /** The style that the line before left on. */
  before?: Style | null;
  /** What is searched for. */
  matcher?: RegExp | null;
  /** The search stands here. */
  current?: boolean;
  /** Bytes of the line that aren't here. */
  more?: number | undefined;
  /** False where it stands in something that is pressed itself. */
  linked?: boolean;
  /** False where there may be thousands of links: then none is a stop of the Tab key. */
  stops?: boolean;
  /** Shows all of it. */
  onWhole?: () => void;
}

/** A line as its colours want it: React elements only, so that nothing in it can be markup. */
export function AnsiText({
  text,
  before = null,
  matcher = null,
  current = false,
  more = 0,
  linked = true,
  stops = true,
  onWhole,
}: AnsiTextProps) {
  const { runs, dropped } = clipRuns(
    linked ? linkAddresses(parseAnsi(text, before)) : parseAnsi(text, before),
    SHOWN_CHARACTERS,
  );
  const spans = matcher ? spansIn(runs.map((run) => run.text).join(""), matcher) : [];
  return (
    <>
      {piecesOf(runs, spans).map((piece) => (
        <PieceText key={piece.place} piece={piece} current={current} stops={stops} />
      ))}
      {dropped + more > 0 ? (
        <span className="text-faint select-none">
          {" "}
          … {(dropped + more).toLocaleString("en")} more characters
          {onWhole ? (
            <button
              type="button"
              tabIndex={stops ? 0 : -1}
              onClick={onWhole}
              className="ml-1.5 scroll-my-10 underline underline-offset-2"
            >
              Show all
            </button>
          ) : null}
        </span>
      ) : null}
    </>
  );
}

function PieceText({ piece, current, stops }: { piece: Piece; current: boolean; stops: boolean }) {
  const { run, text, hit } = piece;
  if (run.mark !== null) return <Unseen name={run.mark} />;
  if (hit)
    return (
      <mark
        className={cn(
          "rounded-[2px]",
          current ? "bg-accent text-on-accent" : "bg-accent-soft text-accent-ink",
        )}
      >
        {text}
      </mark>
    );
  if (run.href !== null) return <Linked run={run} href={run.href} text={text} stops={stops} />;
  return run.style ? <span style={cssOf(run.style)}>{text}</span> : text;
}

/** A character without a shape, by its name; not copied. */
function Unseen({ name }: { name: string }) {
  return (
    <span
      className="mx-px rounded-sm bg-failed-soft px-0.5 text-2xs text-failed select-none"
      title="A control character of the output"
    >
      {name}
    </span>
  );
}

/** Says where it leads when its text doesn't. */
function Linked({ run, href, text, stops }: { run: Run; href: string; text: string; stops: boolean }) {
  const { host } = new URL(href);
  // A package manager prints an address a line: what is one already needs no more than a hint that it can be followed.
  const isAddress = /^https?:/i.test(run.text);
  return (
    <>
      <a
        href={href}
        target="_blank"
        tabIndex={stops ? 0 : -1}
        rel="noopener noreferrer nofollow"
        className={cn(
          "scroll-my-10 underline underline-offset-2",
          isAddress && "decoration-border-strong hover:decoration-current",
        )}
        style={run.style ? cssOf(run.style) : {}}
      >
        {text}
      </a>
      {run.text.includes(host) ? null : <span className="text-muted select-none"> ({host})</span>}
    </>
  );
}
