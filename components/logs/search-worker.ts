/**
 * Looks through a log in a thread of the reader's own: the pattern is anybody's, and one that never ends must hang
 * neither a server nor a page. The page ends this worker when it takes too long.
 */
import { LogCorpus, type TextBlock } from "./log-corpus";
import { searchLines } from "./search";
import type { SearchAnswer, SearchRequest } from "./search-messages";

interface Search {
  id: number;
  matcher: RegExp;
  /** The place of the next block to look through. */
  next: number;
}

let corpus: LogCorpus | null = null;
let search: Search | null = null;
let isLooking = false;

const answer = (message: SearchAnswer) => self.postMessage(message);

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function lookThrough({ id, matcher }: Search, { first, last, bytes }: TextBlock): void {
  answer({ kind: "begin", id });
  const text = decoder.decode(bytes);
  answer({ kind: "found", id, lines: Int32Array.from(searchLines(text, first, matcher)), upTo: last });
}

/** Block after block, with a pause after each: a newer search may have come meanwhile, and begins at the first. */
async function lookOn(): Promise<void> {
  if (isLooking) return;
  isLooking = true;
  try {
    for (;;) {
      const block = search && corpus?.blocks[search.next];
      if (!search || !block) return;
      search.next += 1;
      lookThrough(search, block);
      await new Promise((resolve) => setTimeout(resolve));
    }
  } finally {
    isLooking = false;
  }
}

const fail = (error: unknown) => answer({ kind: "failed", message: String(error) });

self.addEventListener("message", ({ data }: MessageEvent<SearchRequest>) => {
  corpus ??= new LogCorpus(data.url, () => {
    lookOn().catch(fail);
  });
  if (data.search) {
    const { id, source, flags } = data.search;
    search = { id, matcher: new RegExp(source, flags), next: 0 };
    lookOn().catch(fail);
  }
  corpus.grow(data.count, data.cut).catch(fail);
});
