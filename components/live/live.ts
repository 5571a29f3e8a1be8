/** What the tab's event stream moves: the query cache, and the logs that were followed lately. */
import type { QueryClient } from "@tanstack/react-query";
import { type BegunLog, LogStore } from "@/components/logs/log-store";
import { fetchJson } from "@/lib/fetch-json";
import { outlineSchema } from "@/lib/logs/outline";
import { keys, keysTouchedBy } from "@/lib/query-keys";
import { fetchLines, linesFrom, snapshotQuery } from "@/lib/snapshots/queries";
import { LiveConnection } from "./connection";
import { Invalidator } from "./invalidator";

/** Logs that are kept for coming back to them. */
const KEPT_LOGS = 3;
/** A tab that nobody looks at gives its connection back: over HTTP/1.1 a browser has six for all tabs. */
const HIDDEN_MS = 60_000;

/** A log that grows fast is painted so often and not at every chunk: the rest of the time is the reader's. */
const PAINT_MS = 100;

/** What a reader waits for at once; else at most one notification a frame, and in a busy log one in a while. A hidden page has no frames, and no hurry. */
function paced(): (notify: () => void, isUrgent: boolean) => void {
  let last = 0;
  return (notify, isUrgent) => {
    const run = () => {
      last = performance.now();
      notify();
    };
    if (document.visibilityState === "hidden") setTimeout(run, 500);
    else if (isUrgent) queueMicrotask(run);
    else {
      const rest = last + PAINT_MS - performance.now();
      if (rest > 0) setTimeout(() => requestAnimationFrame(run), rest);
      else requestAnimationFrame(run);
    }
  };
}

export class Live {
  readonly connection: LiveConnection;
  private readonly invalidator: Invalidator;
  private readonly logs = new Map<string, LogStore>();

  constructor(queryClient: QueryClient) {
    // Nobody awaits a refetch, and an error of one is shown where its data would be.
    const onError = (error: unknown) => console.error(error);
    this.invalidator = new Invalidator(
      (kinds) =>
        Promise.all(
          [...kinds].flatMap(keysTouchedBy).map((queryKey) => queryClient.invalidateQueries({ queryKey })),
        ),
      onError,
    );
    this.connection = new LiveConnection({
      connect: (url) => new EventSource(url),
      onChange: (change) => this.invalidator.add(change.kind),
      onStatus: (snapshot) => queryClient.setQueryData(snapshotQuery(snapshot.id).queryKey, snapshot),
      onGap: async (id, store) => {
        store.open(await fetchJson(`/snapshots/${encodeURIComponent(id)}/log/outline`, outlineSchema));
      },
      onOpen: () => {
        queryClient.invalidateQueries({ queryKey: keys.root }).catch(onError);
      },
      onUnreadable: onError,
    });
  }

  /** The store of a log; what it has already stays while the reader looks at something else. */
  logOf(snapshotId: string, begun: BegunLog): LogStore {
    const store = this.logs.get(snapshotId) ?? this.open(snapshotId, begun);
    this.logs.delete(snapshotId);
    this.logs.set(snapshotId, store);
    const oldest = this.logs.keys().next().value;
    if (this.logs.size > KEPT_LOGS && oldest !== undefined) this.logs.delete(oldest);
    return store;
  }

  private open(snapshotId: string, begun: BegunLog): LogStore {
    return new LogStore(
      {
        schedule: paced(),
        load: (from, to, signal) => fetchLines(snapshotId, linesFrom(from, to), signal),
        onError: (error) => console.error(error),
      },
      begun,
    );
  }

  /** Connects, and minds the network and whether anybody looks. The answer ends it. */
  start(): () => void {
    const leaving = new AbortController();
    let hidden: ReturnType<typeof setTimeout> | undefined;
    const onVisibility = () => {
      clearTimeout(hidden);
      if (document.visibilityState === "visible") return this.connection.resume();
      hidden = setTimeout(() => this.connection.rest(), HIDDEN_MS);
    };
    document.addEventListener("visibilitychange", onVisibility, { signal: leaving.signal });
    window.addEventListener("online", () => this.connection.nudge(), { signal: leaving.signal });
    this.invalidator.start();
    this.connection.start();
    return () => {
      clearTimeout(hidden);
      leaving.abort();
      this.connection.stop();
      this.invalidator.stop();
    };
  }
}
