/**
 * A draft while it is edited: the form, what is wrong in it, and how its saving goes. Owns two promises:
 * nothing that was typed is lost (not by being wrong, not by another tab, not by a server that is away), and
 * nothing is saved over somebody else's work without being told to.
 */
import {
  type FormErrors,
  fromServer,
  readForm,
  type SpecForm,
  toForm,
} from "@/components/profiles/spec-form";
import { type Clock, realClock } from "@/lib/clock";
import type { Result } from "@/lib/errors";
import type { Spec } from "@/lib/profiles/spec";
import type { DraftWire } from "@/lib/profiles/wire";

export type SaveState =
  | { kind: "saved"; at: string; by: string }
  /** Typed, and saved in a moment. */
  | { kind: "dirty" }
  | { kind: "saving" }
  /** Kept here only, until the fields are right. */
  | { kind: "invalid" }
  /** The server is away or refused; tried again by itself. */
  | { kind: "failed"; message: string }
  /** Somebody saved in between. Nothing is saved until the person chooses. */
  | { kind: "conflict"; theirs: DraftWire }
  /** Published or discarded elsewhere. */
  | { kind: "gone" };

export interface DraftView {
  form: SpecForm;
  errors: FormErrors;
  save: SaveState;
  revision: number;
}

/** What the store needs of the world. */
export interface DraftPorts {
  save: (
    revision: number,
    spec: Spec,
  ) => Promise<Result<{ revision: number; updatedAt: string; updatedBy: string }>>;
  load: () => Promise<DraftWire>;
  /** Makes a draft where there is none; gives its revision. */
  revive: () => Promise<Result<{ revision: number }>>;
  /** Keeps unsaved text for this browser's tab; null forgets it. */
  stash: (kept: { revision: number; form: SpecForm } | null) => void;
}

export const DEBOUNCE_MS = 600;
export const RETRY_MS = 5000;

type Refusal = Extract<Result<never>, { ok: false }>;

/** A call that came to nothing is a refusal in words; what was typed stays, and it is tried again. */
function unreachable(): Refusal {
  return {
    ok: false,
    error: { code: "unreachable", message: "Kiln can't be reached.", fields: [], extra: {} },
  };
}

export class DraftStore {
  private state: DraftView;
  /** What the server rendered, which the browser has to begin with: it knows nothing of what was kept. */
  readonly atServer: () => DraftView;
  private readonly base: Spec;
  private savedAt: string;
  /** Takes the planned save back. */
  private unplan: (() => void) | undefined;
  private running: Promise<void> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(
    draft: DraftWire,
    private readonly ports: DraftPorts,
    kept: { revision: number; form: SpecForm } | null = null,
    private readonly clock: Clock = realClock,
  ) {
    this.base = draft.spec;
    this.savedAt = draft.updatedAt;
    const { revision } = draft;
    const rendered: DraftView = { form: toForm(draft.spec), errors: {}, save: saved(draft), revision };
    this.atServer = () => rendered;
    this.state = rendered;
    if (!kept) return;
    const save: SaveState =
      kept.revision === revision ? { kind: "dirty" } : { kind: "conflict", theirs: draft };
    this.state = { form: kept.form, errors: readForm(kept.form, this.base).errors, save, revision };
    if (save.kind === "dirty") this.later(DEBOUNCE_MS);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly view = (): DraftView => this.state;

  /** Is there text that the server hasn't got? */
  unsaved(): boolean {
    return this.state.save.kind !== "saved";
  }

  /** The spec as typed, or null while it has errors. */
  spec(): Spec | null {
    return readForm(this.state.form, this.base).spec;
  }

  edit(change: Partial<SpecForm>): void {
    const form = { ...this.state.form, ...change };
    const { kind } = this.state.save;
    const waits = kind === "conflict" || kind === "gone";
    this.set(waits || kind === "saving" ? { form } : { form, save: { kind: "dirty" } });
    if (waits) this.ports.stash({ revision: this.state.revision, form });
    else this.later(DEBOUNCE_MS);
  }

  /** Saves what is unsaved now. @returns whether everything is saved. */
  async flush(): Promise<boolean> {
    this.unplan?.();
    if (this.running !== undefined) await this.running;
    this.unplan?.();
    const { kind } = this.state.save;
    if (kind === "dirty" || kind === "invalid" || kind === "failed") await this.saveNow();
    return !this.unsaved();
  }

  /** The draft as the server has it now, from a query that was refreshed. */
  arrived(draft: DraftWire): void {
    const { kind } = this.state.save;
    if (Date.parse(draft.updatedAt) <= Date.parse(this.savedAt) || kind === "saving") return;
    if (kind === "saved") this.adopt(draft);
    else if (draft.revision !== this.state.revision) this.set({ save: { kind: "conflict", theirs: draft } });
  }

  /** The person's own text goes; the other's is taken. */
  takeTheirs(): void {
    if (this.state.save.kind === "conflict") this.adopt(this.state.save.theirs);
  }

  /** Saves the person's own text on top of what the other saved. */
  keepMine(): void {
    if (this.state.save.kind !== "conflict") return;
    const { theirs } = this.state.save;
    this.savedAt = theirs.updatedAt;
    this.set({ revision: theirs.revision, save: { kind: "dirty" } });
    void this.flush();
  }

  /** After it was published or discarded elsewhere: makes a draft again and saves the text there. */
  async startAgain(): Promise<void> {
    const result = await this.ports.revive().catch(unreachable);
    if (!result.ok) {
      this.set({ save: { kind: "failed", message: result.error.message } });
      return;
    }
    this.set({ revision: result.value.revision, save: { kind: "dirty" } });
    await this.flush();
  }

  /** Stops the timer; what is unsaved and right goes to the server, what is wrong stays in the stash. */
  close(): void {
    void this.flush();
  }

  private later(ms: number): void {
    this.unplan?.();
    this.unplan = this.clock.after(ms, () => void this.saveNow());
  }

  private saveNow(): Promise<void> {
    this.unplan?.();
    this.running ??= this.attempt().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async attempt(): Promise<void> {
    const { form, revision } = this.state;
    const { spec, errors } = readForm(form, this.base);
    if (!spec) {
      this.ports.stash({ revision, form });
      this.set({ errors, save: { kind: "invalid" } });
      return;
    }
    this.set({ errors: {}, save: { kind: "saving" } });
    const result = await this.ports.save(revision, spec).catch(unreachable);
    if (result.ok) this.wasSaved(form, result.value);
    else await this.wasRefused(result.error);
  }

  private wasSaved(form: SpecForm, draft: { revision: number; updatedAt: string; updatedBy: string }): void {
    this.savedAt = draft.updatedAt;
    this.ports.stash(null);
    const typedOn = this.state.form !== form;
    this.set({ revision: draft.revision, save: typedOn ? { kind: "dirty" } : saved(draft) });
    if (typedOn) this.later(DEBOUNCE_MS);
  }

  private async wasRefused(error: Refusal["error"]): Promise<void> {
    const { form, revision } = this.state;
    this.ports.stash({ revision, form });
    if (error.code === "stale_draft") {
      await this.ports.load().then(
        (theirs) => this.set({ save: { kind: "conflict", theirs } }),
        () => this.fail("Somebody else saved this draft, and theirs can't be loaded just now."),
      );
    } else if (error.code === "no_draft") {
      this.set({ save: { kind: "gone" } });
    } else if (error.fields.length > 0) {
      this.set({ errors: fromServer(error.fields, form), save: { kind: "invalid" } });
    } else {
      this.fail(error.message);
    }
  }

  private fail(message: string): void {
    this.set({ save: { kind: "failed", message } });
    this.later(RETRY_MS);
  }

  private adopt(draft: DraftWire): void {
    this.unplan?.();
    this.savedAt = draft.updatedAt;
    this.ports.stash(null);
    this.set({ form: toForm(draft.spec), errors: {}, revision: draft.revision, save: saved(draft) });
  }

  private set(change: Partial<DraftView>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

const saved = (draft: { updatedAt: string; updatedBy: string }): SaveState => ({
  kind: "saved",
  at: draft.updatedAt,
  by: draft.updatedBy,
});
