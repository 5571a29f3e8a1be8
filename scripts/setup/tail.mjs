/** Follows a process's log file and prints only its warnings and errors, short: the file has the rest. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { print } from "./steps.mjs";

const quietMs = 10_000;

/**
 * The line to show for one line of a log; null when it is of no interest.
 * @param {string} line
 * @returns {string | null}
 */
export function shorten(line) {
  try {
    const entry = JSON.parse(line);
    if (typeof entry?.level !== "number" || entry.level < 40) return null;
    const cause = entry.err?.message && entry.err.message !== entry.msg ? `: ${entry.err.message}` : "";
    return `${entry.level >= 50 ? "error" : "warning"}: ${entry.msg ?? ""}${cause}`.slice(0, 200);
  } catch {
    // Not JSON: a framework's own line, or a crash on its way out.
    return /^\s*(\S*Error\b|⨯|FATAL|PANIC)/.test(line) ? line.trim().slice(0, 200) : null;
  }
}

/**
 * Starts at the file's present end. The same line is shown once in ten seconds.
 * @param {string} name
 * @param {string} file
 * @returns {() => void} ends it
 */
export function followWarnings(name, file) {
  let position = existsSync(file) ? statSync(file).size : 0;
  let rest = "";
  /** @type {Map<string, number>} */
  const shownAt = new Map();

  const look = () => {
    const size = existsSync(file) ? statSync(file).size : 0;
    if (size < position) position = 0;
    if (size === position) return;
    const chunk = Buffer.alloc(Math.min(size - position, 1 << 20));
    const descriptor = openSync(file, "r");
    try {
      position += readSync(descriptor, chunk, 0, chunk.length, position);
    } finally {
      closeSync(descriptor);
    }
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = (lines.pop() ?? "").slice(0, 100_000);
    for (const line of lines) {
      const short = shorten(line);
      if (!short || Date.now() - (shownAt.get(short) ?? 0) < quietMs) continue;
      if (shownAt.size > 1_000) shownAt.clear();
      shownAt.set(short, Date.now());
      print(`  ! ${name}: ${short}`);
    }
  };
  const timer = setInterval(look, 1_000);
  timer.unref();
  return () => clearInterval(timer);
}
