/** A line `## step: NAME` begins a step of its own in the setup script. To a shell it is a comment. */

export const MAX_SECTIONS = 50;
const MAX_TITLE = 80;

export interface Section {
  /** Null for what stands before the first such line. */
  title: string | null;
  /** With the line that begins it: all of them together are the script. */
  text: string;
}

const MARK = /^## step:[ \t]*(\S[^\r\n]*)$/gm;

/** At least one. Blank lines and comments before the first mark belong to the section that it begins. */
export function splitSections(script: string): Section[] {
  const marks = [...script.matchAll(MARK)];
  const starts = marks.map(({ index }) => index);
  const before = script.slice(0, starts[0] ?? script.length);
  const sections = marks.map((mark, index) => ({
    title: (mark[1] ?? "").trim().slice(0, MAX_TITLE),
    text: script.slice(starts[index], starts[index + 1]),
  }));
  const [first, ...rest] = sections;
  if (!first) return [{ title: null, text: script }];
  if (saysNothing(before)) return [{ ...first, text: before + first.text }, ...rest];
  return [{ title: null, text: before }, ...sections];
}

const saysNothing = (text: string) => text.split("\n").every((line) => /^\s*(?:#|$)/.test(line));

/** What a section's shell is given: the script's `#!` line holds for all of its sections. */
export function programsOf(script: string): Section[] {
  const shebang = /^#![^\n]*\n/.exec(script)?.[0] ?? "";
  return splitSections(script).map(({ title, text }) => ({
    title,
    text: text.startsWith("#!") ? text : shebang + text,
  }));
}
