import { beforeEach, describe, expect, it } from "vitest";
import { type SpecForm, toForm } from "@/components/profiles/spec-form";
import type { Result } from "@/lib/errors";
import { defaultSpec, type Spec } from "@/lib/profiles/spec";
import type { DraftWire } from "@/lib/profiles/wire";
import { ManualClock } from "@/lib/testing/manual-clock";
import { DEBOUNCE_MS, DraftStore, RETRY_MS } from "./draft-store";

/** A server with one draft, and its optimistic lock. */
class Server {
  draft: DraftWire | null = at(1, "debian:1", "Ada");
  away = false;
  saves = 0;
  stash: { revision: number; form: SpecForm } | null = null;

  readonly ports = {
    save: async (revision: number, spec: Spec): Promise<Result<DraftWire>> => {
      this.saves += 1;
      if (this.away) throw new TypeError("Failed to fetch");
      if (!this.draft) return refusal("no_draft");
      if (revision !== this.draft.revision) return refusal("stale_draft");
      this.draft = at(revision + 1, spec.baseImage, "me");
      return { ok: true, value: this.draft };
    },
    load: async () => {
      if (!this.draft) throw new Error("no draft");
      return this.draft;
    },
    revive: async (): Promise<Result<{ revision: number }>> => {
      this.draft = at(1, "debian:1", "me");
      return { ok: true, value: this.draft };
    },
    stash: (kept: typeof this.stash) => {
      this.stash = kept;
    },
  };

  /** Another tab saves. */
  other(baseImage: string): DraftWire {
    this.draft = at((this.draft?.revision ?? 0) + 1, baseImage, "Bob");
    return this.draft;
  }
}

let savedAt = Date.UTC(2026, 10, 23);
function at(revision: number, baseImage: string, updatedBy: string): DraftWire {
  savedAt += 1000;
  return {
    spec: defaultSpec(baseImage),
    revision,
    basedOn: null,
    updatedAt: new Date(savedAt).toISOString(),
    updatedBy,
  };
}
function refusal(code: string): Result<never> {
  return { ok: false, error: { code, message: code, fields: [], extra: {} } };
}

let clock: ManualClock;
let server: Server;
let store: DraftStore;
const open = (kept: Server["stash"] = null) =>
  new DraftStore(server.draft ?? at(1, "debian:1", "Ada"), server.ports, kept, clock);
const tick = (ms = DEBOUNCE_MS) => clock.advance(ms);
const kind = () => store.view().save.kind;

beforeEach(() => {
  clock = new ManualClock();
  server = new Server();
  store = open();
});

describe("saving", () => {
  it("saves once after the typing has paused", async () => {
    store.edit({ baseImage: "debian:2" });
    await tick(DEBOUNCE_MS - 1);
    store.edit({ baseImage: "debian:3" });
    await tick(DEBOUNCE_MS - 1);
    expect([server.saves, kind()]).toEqual([0, "dirty"]);
    await tick(1);
    expect([server.saves, kind(), store.view().revision]).toEqual([1, "saved", 2]);
    expect(server.draft?.spec.baseImage).toBe("debian:3");
  });

  it("saves what was typed while it saved, with the new revision", async () => {
    store.edit({ baseImage: "debian:2" });
    const flushed = store.flush();
    store.edit({ baseImage: "debian:3" });
    await flushed;
    await tick();
    expect([server.draft?.spec.baseImage, server.draft?.revision, kind()]).toEqual(["debian:3", 3, "saved"]);
  });

  it("keeps a wrong text here, says where it is wrong, and saves it once it is right", async () => {
    store.edit({ baseImage: "Not An Image" });
    await tick();
    expect([kind(), server.saves, server.stash?.form.baseImage]).toEqual(["invalid", 0, "Not An Image"]);
    expect(Object.keys(store.view().errors)).toEqual(["baseImage"]);
    store.edit({ baseImage: "debian:2" });
    await tick();
    expect([kind(), server.stash, store.view().errors]).toEqual(["saved", null, {}]);
  });

  it("tries again by itself when the server was away", async () => {
    server.away = true;
    store.edit({ baseImage: "debian:2" });
    await tick();
    expect([kind(), server.stash?.form.baseImage]).toEqual(["failed", "debian:2"]);
    server.away = false;
    await tick(RETRY_MS);
    expect([kind(), server.draft?.spec.baseImage]).toEqual(["saved", "debian:2"]);
  });

  it("flush says whether everything is saved", async () => {
    store.edit({ baseImage: "debian:2" });
    expect(await store.flush()).toBe(true);
    store.edit({ cpus: "many" });
    expect(await store.flush()).toBe(false);
  });
});

describe("two tabs", () => {
  it("takes over what the other saved while nothing is unsaved here", () => {
    store.arrived(server.other("debian:other"));
    expect([store.view().form.baseImage, kind(), store.view().revision]).toEqual([
      "debian:other",
      "saved",
      2,
    ]);
  });

  it("doesn't go back to an answer that is older than its own save", async () => {
    const old = server.draft;
    store.edit({ baseImage: "debian:2" });
    await tick();
    if (old) store.arrived(old);
    expect(store.view().form.baseImage).toBe("debian:2");
  });

  it("is told at the save, and loses nothing", async () => {
    server.other("debian:other");
    store.edit({ baseImage: "debian:mine" });
    await tick();
    expect(store.view().save).toMatchObject({ kind: "conflict", theirs: { updatedBy: "Bob" } });
    store.edit({ workdir: "/mine" });
    await tick();
    expect([kind(), store.view().form.baseImage, server.draft?.spec.baseImage]).toEqual([
      "conflict",
      "debian:mine",
      "debian:other",
    ]);
  });

  it("is told at once when the change arrives first", () => {
    store.edit({ baseImage: "debian:mine" });
    store.arrived(server.other("debian:other"));
    expect([kind(), store.view().form.baseImage]).toEqual(["conflict", "debian:mine"]);
  });

  it("keepMine saves on top of the new revision", async () => {
    server.other("debian:other");
    store.edit({ baseImage: "debian:mine" });
    await tick();
    store.keepMine();
    await tick();
    expect([kind(), server.draft?.spec.baseImage, server.draft?.revision]).toEqual([
      "saved",
      "debian:mine",
      3,
    ]);
  });

  it("takeTheirs drops the own text", async () => {
    server.other("debian:other");
    store.edit({ baseImage: "debian:mine" });
    await tick();
    store.takeTheirs();
    expect([kind(), store.view().form.baseImage, store.view().revision, server.stash]).toEqual([
      "saved",
      "debian:other",
      2,
      null,
    ]);
  });

  it("keeps the text of a draft that is gone, and can start again with it", async () => {
    server.draft = null;
    store.edit({ baseImage: "debian:mine" });
    await tick();
    expect([kind(), store.view().form.baseImage]).toEqual(["gone", "debian:mine"]);
    await store.startAgain();
    expect([kind(), server.draft]).toMatchObject(["saved", { spec: { baseImage: "debian:mine" } }]);
  });
});

describe("what was kept from before", () => {
  it("is brought back and saved", async () => {
    store = open({ revision: 1, form: { ...toForm(defaultSpec("debian:kept")) } });
    expect([kind(), store.view().form.baseImage]).toEqual(["dirty", "debian:kept"]);
    await tick();
    expect(server.draft?.spec.baseImage).toBe("debian:kept");
  });

  it("is brought back as a conflict when the draft has moved on", () => {
    server.other("debian:other");
    store = open({ revision: 1, form: toForm(defaultSpec("debian:kept")) });
    expect([kind(), store.view().form.baseImage]).toEqual(["conflict", "debian:kept"]);
  });
});
