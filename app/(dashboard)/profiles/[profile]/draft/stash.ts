/** Unsaved text of a draft, kept for this tab: it survives a reload and a way back. */
import { z } from "zod";
import { newRowId, type SpecForm } from "@/components/profiles/spec-form";

const text = z.string();
const formSchema = z.object({
  baseImage: text,
  setupScript: text,
  env: z.array(z.object({ key: text, value: text })),
  files: z.array(z.object({ path: text, mode: text, content: text })),
  // What was kept before these were there is kept all the same.
  packages: z.object({ apt: text, npm: text, pip: text }).default({ apt: "", npm: "", pip: "" }),
  repositories: z.array(z.object({ url: text, ref: text, path: text, secret: text.default("") })).default([]),
  secrets: z.array(text).default([]),
  maintenanceScript: text.default(""),
  caches: text.default(""),
  persistentPaths: text.default(""),
  workdir: text,
  user: text,
  network: z.enum(["bridge", "none"]),
  check: text,
  cpus: text,
  memoryMb: text,
  pids: text,
  diskMb: text.default("10240"),
  setupSeconds: text,
});
const stashSchema = z.object({ revision: z.int(), form: formSchema });

const keyOf = (profile: string) => `kiln.draft.${profile}`;

export function writeStash(profile: string, kept: { revision: number; form: SpecForm } | null): void {
  if (kept) window.sessionStorage.setItem(keyOf(profile), JSON.stringify(kept));
  else window.sessionStorage.removeItem(keyOf(profile));
}

export function readStash(profile: string): { revision: number; form: SpecForm } | null {
  if (typeof window === "undefined") return null;
  const kept = window.sessionStorage.getItem(keyOf(profile));
  const parsed = kept === null ? null : stashSchema.safeParse(JSON.parse(kept));
  if (!parsed?.success) return null;
  const { revision, form } = parsed.data;
  const named = <Row extends object>(row: Row) => ({ ...row, id: newRowId() });
  return {
    revision,
    form: {
      ...form,
      env: form.env.map(named),
      files: form.files.map(named),
      repositories: form.repositories.map(named),
    },
  };
}
