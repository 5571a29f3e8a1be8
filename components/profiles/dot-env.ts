import { type EnvRow, newRowId } from "./spec-form";

/** The variables of a pasted `.env`; none when the text is only a name. */
export function parseDotEnv(text: string): EnvRow[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (!match) return [];
    const [, key = "", value = ""] = match;
    return [{ id: newRowId(), key, value: value.trim().replace(/^(["'])(.*)\1$/, "$2") }];
  });
}
