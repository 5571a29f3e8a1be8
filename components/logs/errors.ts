/** Which lines look like the reason of a failure. A guess, for jumping; nothing is decided by it. */
import type { LogLine } from "@/lib/snapshots/wire";
import { cleanText } from "./ansi";

const looksWrong = new RegExp(
  [
    // "error:", "Error [ERR_…]", "E: Unable to locate", "npm ERR!", "npm error", "fatal:", "panic:"
    String.raw`(?:^|[\s\[(])(?:[A-Za-z]*Error|error|ERROR|fatal|FATAL|panic|ERR!)(?:[:!\]\[(]|\s*$)`,
    String.raw`^(?:E:|ERR\b|npm error\b|npm ERR!)`,
    String.raw`: error [A-Z]{1,4}\d+:|^make: \*\*\* .*Error \d`,
    String.raw`^Traceback \(most recent call last\)`,
    String.raw`\b(?:command not found|No such file or directory|Permission denied|Segmentation fault|Killed)\b`,
    String.raw`\b(?:exited|failed) with (?:exit )?(?:code|status) [1-9]`,
  ].join("|"),
);
/** "0 errors", "error: 0", "no error": said when all is well. */
const looksFine = /\b(?:0|no) errors?\b|\berrors?[:=] ?0\b/i;

export function looksLikeError(line: LogLine): boolean {
  if (line.stream === "system") return false;
  const text = cleanText(line.text);
  return looksWrong.test(text) && !looksFine.test(text);
}

/** The number of the next such line after `after`, going round once; null when there is none. */
export function nextError(lines: readonly LogLine[], count: number, after: number): number | null {
  for (let step = 0; step < count; step += 1) {
    const index = (after + step) % count;
    const line = lines[index];
    if (line && looksLikeError(line)) return index + 1;
  }
  return null;
}
