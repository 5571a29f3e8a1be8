/** What a page and its search worker tell each other. */
import type { LogCut } from "@/lib/snapshots/wire";

export interface SearchRequest {
  /** A search, or null: the log has grown. */
  search: { id: number; source: string; flags: string } | null;
  /** Where the log's text is. */
  url: string;
  /** The number of its last line. */
  count: number;
  cut: LogCut | null;
}

export type SearchAnswer =
  /** It begins to look through some lines: from now on, time counts. */
  | { kind: "begin"; id: number }
  /** Lines up to `upTo` were looked through, and these match. */
  | { kind: "found"; id: number; lines: Int32Array; upTo: number }
  | { kind: "failed"; message: string };
