/** The versions that a session can start from, as one chooses among them. */
import type { SelectOption } from "@/components/ui/select";
import { formatAge } from "@/lib/format";
import { type VersionFacts, versionState } from "./version-state";

/** Of the newest version that is usable, whichever that is. */
export const NEWEST = "newest";

type Choice = VersionFacts & { number: number };

/** @param versions newest first */
export function versionChoice(versions: readonly Choice[], now: number): SelectOption<string>[] {
  const newest = versions.find(({ usable }) => usable);
  return [
    {
      value: NEWEST,
      label: newest ? `Newest that is ready: version ${newest.number}` : "Newest that is ready",
    },
    ...versions.map((version) => ({
      value: String(version.number),
      label: `Version ${version.number}`,
      hint: stateWords(version, now),
      disabled: !version.usable,
    })),
  ];
}

function stateWords(version: Choice, now: number): string {
  const { status, serving, latest, later, words } = versionState(version);
  if (!serving) return latest ? `${capital(status)}: ${words}` : capital(words);
  const age = serving.finishedAt ? `, built ${formatAge(Date.parse(serving.finishedAt), now)}` : "";
  return `Ready: #${serving.number}${age}${later ? `; ${later.words}` : ""}`;
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
