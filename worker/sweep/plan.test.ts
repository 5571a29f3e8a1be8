import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SessionStatus, sessionStatuses } from "@/lib/sessions/state";
import { isActive, type SnapshotStatus, snapshotStatuses } from "@/lib/snapshots/state";
import { captureComment } from "@/worker/build-snapshot/plan";
import { waitingName } from "@/worker/build-snapshot/waiting-name";
import type { OwnedContainer, Ownership } from "@/worker/containers/types";
import { type Found, planSweep, type Rows } from "./plan";

const owner = "0193a1b2-0000-7000-8000-0123456789ab";
const other = "0193a1b2-0000-7000-8000-0123456789ac";
const base: Ownership = { installation: "i", kind: "build", owner, fence: 2, worker: "w" };
const nothing: Found = { containers: [], images: [], volumes: [] };
const noRows: Rows = {
  builds: [],
  takers: new Set(),
  workers: new Set(),
  sessions: new Map(),
  kept: new Map(),
  snapshots: new Map(),
  expired: new Map(),
  named: new Map(),
  layers: new Map(),
  caches: new Map(),
  volumes: new Map(),
  busy: new Set(),
  warm: new Map(),
};
const build = {
  snapshotId: owner,
  fence: 2,
  workerId: "w",
  containers: [] as string[],
  layers: [] as string[],
};

const container = (ownership: Partial<Ownership>, id = "c") => ({
  id,
  name: `name-${id}`,
  running: true,
  ownership: { ...base, ...ownership },
});
const session = (status: SessionStatus, containerId: string | null) =>
  new Map([[owner, { status, containerId }]]);

const waits = (containerId: string | null, useless: string | null) =>
  new Map([[owner, { containerId, useless }]]);
const left = (expired: boolean, containerId = "c") =>
  new Map([[owner, { containerId, imageId: "sha256:1", expired }]]);

describe("a container", () => {
  const useless = "no build runs in it";
  it.each<[string, Partial<Ownership>, Partial<Rows>, string | null, Partial<OwnedContainer>?]>([
    ["of a build that is held", {}, { builds: [build] }, null],
    ["of the check of a build that is held", { kind: "check" }, { builds: [build] }, null],
    ["of an older claim", { fence: 1 }, { builds: [build] }, useless],
    ["of another worker", { worker: "x" }, { builds: [build] }, useless],
    [
      "of an older claim, in which a step still runs",
      { fence: 1, worker: "x" },
      { builds: [{ ...build, containers: ["c"] }] },
      null,
    ],
    [
      "of a build that nobody has at the moment",
      {},
      { builds: [{ ...build, workerId: null, fence: 3, containers: ["c"] }] },
      null,
    ],
    ["of another snapshot", { owner: other }, { builds: [build] }, useless],
    ["of a build that is over", {}, {}, useless],
    ["of a session that is over", { kind: "session" }, {}, "its session is over"],
    ["of a session that starts", { kind: "session" }, { sessions: session("starting", null) }, null],
    ["of a session that runs in it", { kind: "session" }, { sessions: session("running", "c") }, null],
    ["of a session that is stopped", { kind: "session" }, { sessions: session("stopped", "c") }, null],
    [
      "of a session that runs in another one",
      { kind: "session" },
      { sessions: session("running", "d") },
      "its session runs in another one",
    ],
    ["of an inventory that is being taken", { kind: "inventory" }, { takers: new Set([owner]) }, null],
    [
      "of an inventory of a worker that is lost",
      { kind: "inventory" },
      {},
      "no worker reads an image with it",
    ],
    [
      "that waits for a build",
      { kind: "waiting" },
      { workers: new Set([owner]) },
      null,
      { name: waitingName() },
    ],
    [
      "that waited and has ended",
      { kind: "waiting" },
      { workers: new Set([owner]) },
      "no build runs in it, and none may any more",
      { name: waitingName(), running: false },
    ],
    [
      "that waited for a worker that is lost",
      { kind: "waiting" },
      {},
      "no build runs in it, and none may any more",
      { name: waitingName() },
    ],
    [
      "that waited, and that a build runs in",
      { kind: "waiting" },
      { builds: [{ ...build, containers: ["c"] }] },
      null,
    ],
    [
      "that waited, and whose build is over",
      { kind: "waiting" },
      { workers: new Set([owner]) },
      "no build runs in it, and none may any more",
    ],
    ["that is kept before its failure is written down", { kind: "kept" }, { builds: [build] }, null],
    ["that is kept", { kind: "kept" }, { kept: left(false) }, null],
    [
      "that was kept long enough",
      { kind: "kept" },
      { kept: left(true) },
      "the time for which it was kept is over",
    ],
    [
      "that a lost worker kept",
      { kind: "kept" },
      { kept: left(false, "another") },
      "no failed snapshot names it",
    ],
    ["that is kept for nobody", { kind: "kept" }, {}, "no failed snapshot names it"],
    ["that waits for a session", { kind: "warm" }, { warm: waits("c", null) }, null],
    ["that is being started ahead", { kind: "warm" }, { warm: waits(null, null) }, null],
    ["that was started ahead for nobody", { kind: "warm" }, {}, "no pool names it"],
    ["that another one was started for", { kind: "warm" }, { warm: waits("d", null) }, "no pool names it"],
    [
      "of a session that took it and is over",
      { kind: "warm" },
      { warm: waits("c", "its session is over") },
      "its session is over",
    ],
    ["that only inherited a snapshot's labels", { kind: "snapshot" }, {}, null],
  ])("%s", (_, ownership, rows, reason, more = {}) => {
    const containers = [{ ...container(ownership), ...more }];
    const planned = planSweep({ ...nothing, containers }, { ...noRows, ...rows });
    expect(planned.map((removal) => removal.reason)).toEqual(reason === null ? [] : [reason]);
  });
});

describe("a volume", () => {
  it.each<[string, Partial<Ownership>, Partial<Rows>, number]>([
    ["of a build that is held", {}, { builds: [build] }, 0],
    ["of a build that is over", {}, {}, 1],
    ["of a session that runs", { kind: "session" }, { sessions: session("running", "c") }, 0],
    ["of a session that is over", { kind: "session" }, {}, 1],
    ["of something else", { kind: "snapshot" }, {}, 0],
  ])("%s", (_, ownership, rows, count) => {
    const volumes = [{ name: "v", ownership: { ...base, ...ownership } }];
    expect(planSweep({ ...nothing, volumes }, { ...noRows, ...rows })).toHaveLength(count);
  });
});

const image = (id = "sha256:1", comment = captureComment(3), ownership: Partial<Ownership> = {}) => ({
  id,
  name: "kiln/tools:v1",
  alsoNamed: [] as string[],
  comment,
  parent: null as string | null,
  ownership: { installation: "i", kind: "snapshot" as const, owner, ...ownership },
});
const need = (status: SnapshotStatus, imageId: string | null) =>
  new Map([[owner, { status, imageId, name: "#3 of tools v1" }]]);
const named = (...snapshots: string[]) => new Map([["sha256:1", snapshots]]);

describe("an image", () => {
  const ready = { snapshots: need("ready", "sha256:1"), named: named(owner) };
  it.each<[string, ReturnType<typeof image>, Partial<Rows>, string | null]>([
    ["that its snapshot names", image(), ready, null],
    ["of a lost attempt", image("sha256:2"), ready, "snapshot #3 of tools v1 has another image"],
    [
      "that another snapshot names, too",
      image(),
      { snapshots: need("removed", null), named: named(other) },
      null,
    ],
    [
      "that its snapshot gives up and another one names",
      image(),
      { ...ready, named: named(owner, other), expired: new Map([[owner, 3]]) },
      null,
    ],
    [
      "that a step left for later builds",
      image(),
      { snapshots: need("failed", null), layers: new Map([["sha256:1", { stale: false }]]) },
      null,
    ],
    [
      "that a step left, and nobody used",
      image(),
      { snapshots: need("failed", null), layers: new Map([["sha256:1", { stale: true }]]) },
      "nothing is made from this step's result, and the time for which it was kept is over",
    ],
    [
      "that a running build has used again",
      image(),
      { snapshots: need("failed", null), builds: [{ ...build, snapshotId: other, layers: ["sha256:1"] }] },
      null,
    ],
    ["of a build that runs", image(), { snapshots: need("running", null) }, null],
    ["of a build that waits", image(), { snapshots: need("queued", null) }, null],
    ["of one that failed", image(), { snapshots: need("failed", null) }, "snapshot #3 of tools v1 is failed"],
    [
      "of one that was removed",
      image(),
      { snapshots: need("removed", null) },
      "snapshot #3 of tools v1 is removed",
    ],
    ["of a container that is kept", image(), { snapshots: need("failed", null), kept: left(false) }, null],
    [
      "of a container that was kept long enough",
      image(),
      { snapshots: need("failed", null), kept: left(true) },
      "the time is over for which snapshot #3 of tools v1 kept its container",
    ],
    [
      "of a try that succeeded",
      image(),
      { snapshots: need("ready", null) },
      "snapshot #3 of tools v1 was a try, which keeps no image",
    ],
    ["without a row", image(), {}, "no snapshot names it"],
    ["that somebody made from ours", image("sha256:9", ""), {}, null],
    ["that somebody made from ours, with words", image("sha256:9", "my own"), {}, null],
    ["whose owner is no id", image("sha256:9", captureComment(1), { owner: "me" }), {}, null],
    [
      "of one that retention removes next",
      image(),
      { ...ready, expired: new Map([[owner, 3]]) },
      "snapshot #3 of tools v1 is older than the newest 3",
    ],
    [
      "of one that goes for lack of space",
      image(),
      { ...ready, expired: new Map([[owner, 0]]) },
      "snapshot #3 of tools v1 doesn't serve, and the disk is nearly full",
    ],
  ])("%s", (_, found, rows, reason) => {
    const planned = planSweep({ ...nothing, images: [found] }, { ...noRows, ...rows });
    expect(planned.map((removal) => removal.reason)).toEqual(reason === null ? [] : [reason]);
  });
});

describe("a cache's volume", () => {
  const volume = { name: "v", ownership: { installation: "i", kind: "cache" as const, owner } };
  const used = { path: "/root/.npm", profile: "tools", archived: false, named: true, recent: false };
  it.each<[string, Partial<typeof used>, string | null]>([
    ["that a version names stays, however long ago it was used", {}, null],
    ["that a build took lately stays", { recent: true, named: false, archived: true }, null],
    ["that nobody names goes", { named: false }, "no version of tools names /root/.npm any more"],
    ["of an archived profile goes", { archived: true }, "tools is archived, and hasn't used it for a week"],
  ])("%s", (_, changes, reason) => {
    const caches = new Map([["v", { ...used, ...changes }]]);
    const planned = planSweep({ ...nothing, volumes: [volume] }, { ...noRows, caches });
    expect(planned.map((removal) => removal.reason)).toEqual(reason === null ? [] : [reason]);
  });

  it("without a row goes", () => {
    const [removal] = planSweep({ ...nothing, volumes: [volume] }, noRows);
    expect(removal).toMatchObject({ kind: "volume", id: "v", reason: "no profile has this cache" });
  });
});

it("containers go before volumes and images, which they may use", () => {
  const found = {
    containers: [container({})],
    images: [image()],
    volumes: [{ name: "v", ownership: base }],
  };
  expect(planSweep(found, noRows).map(({ kind }) => kind)).toEqual(["container", "volume", "image"]);
});

const id = fc.constantFrom(owner, other, "x");
const ownership = fc.record({
  installation: fc.constant("i"),
  kind: fc.constantFrom(
    "build" as const,
    "check" as const,
    "session" as const,
    "snapshot" as const,
    "kept" as const,
  ),
  owner: id,
  fence: fc.integer({ min: 1, max: 3 }),
  worker: fc.constantFrom("w", "x"),
});
const comment = fc.constantFrom(captureComment(1), "", "my own");
const world = fc.record({
  found: fc.record({
    containers: fc.array(
      fc.record({ id: fc.constantFrom("c", "d"), name: fc.string(), running: fc.boolean(), ownership }),
    ),
    images: fc.array(
      fc.record({
        id: fc.constantFrom("sha256:1", "sha256:2"),
        name: fc.string(),
        alsoNamed: fc.constant<string[]>([]),
        comment,
        ownership,
        parent: fc.constantFrom(null, "sha256:1", "sha256:2"),
      }),
    ),
    volumes: fc.array(fc.record({ name: fc.string(), ownership })),
  }),
  builds: fc.array(
    fc.record({
      snapshotId: id,
      fence: fc.integer({ min: 1, max: 3 }),
      workerId: fc.constantFrom("w", "x", null),
      containers: fc.subarray(["c", "d"]),
      layers: fc.subarray(["sha256:1", "sha256:2"]),
    }),
  ),
  layers: fc.array(fc.tuple(fc.constantFrom("sha256:1", "sha256:2"), fc.record({ stale: fc.boolean() }))),
  sessions: fc.array(
    fc.tuple(
      id,
      fc.record({
        status: fc.constantFrom(...sessionStatuses),
        containerId: fc.constantFrom("c", "d", null),
      }),
    ),
  ),
  left: fc.array(
    fc.tuple(
      id,
      fc.record({
        containerId: fc.constantFrom("c", "d"),
        imageId: fc.constantFrom("sha256:1", "sha256:2"),
        expired: fc.boolean(),
      }),
    ),
  ),
  snapshots: fc.array(
    fc.tuple(
      id,
      fc.record({
        status: fc.constantFrom(...snapshotStatuses),
        imageId: fc.constantFrom("sha256:1", null),
        name: fc.constant("#1"),
      }),
    ),
  ),
});

/** One that has run needs the container that its row names; one that hasn't yet, whichever there is. */
function needsSandbox(rows: Rows, owner: string, container: string): boolean {
  const row = rows.sessions.get(owner);
  if (!row) return false;
  const hasRun = ["running", "stopped", "expired", "resuming"].includes(row.status);
  return !hasRun || row.containerId === container;
}

it("I8: whatever there is, nothing that is needed is ever planned, and nothing twice", () => {
  fc.assert(
    fc.property(world, ({ found, builds, sessions, snapshots, layers, left }) => {
      const rows: Rows = {
        builds,
        takers: new Set(),
        workers: new Set(),
        layers: new Map(layers),
        named: new Map([
          ["sha256:1", snapshots.filter(([, { imageId }]) => imageId !== null).map(([owner]) => owner)],
        ]),
        sessions: new Map(sessions),
        snapshots: new Map(snapshots),
        expired: new Map(),
        caches: new Map(),
        volumes: new Map(),
        busy: new Set(),
        warm: new Map(),
        kept: new Map(left),
      };
      const planned = planSweep(found, rows);
      const total = found.containers.length + found.images.length + found.volumes.length;
      expect(planned.length).toBeLessThanOrEqual(total);
      const kept = planSweep(
        {
          containers: found.containers.filter(({ id, ownership: { kind, owner, fence, worker } }) =>
            kind === "session"
              ? needsSandbox(rows, owner, id)
              : builds.some(
                  (held) =>
                    held.snapshotId === owner &&
                    ((kind !== "kept" && held.containers.includes(id)) ||
                      (held.fence === fence && held.workerId === worker)),
                ) ||
                (kind === "kept" &&
                  rows.kept.get(owner)?.containerId === id &&
                  !rows.kept.get(owner)?.expired),
          ),
          images: found.images.filter(({ id, comment, ownership }) => {
            const row = rows.snapshots.get(ownership.owner);
            return (
              !comment.startsWith("Kiln") ||
              rows.layers.get(id)?.stale === false ||
              rows.named.get(id)?.length ||
              builds.some((build) => build.layers.includes(id)) ||
              (row &&
                (isActive(row.status) ||
                  (row.status === "ready" && row.imageId === id) ||
                  (row.status === "failed" &&
                    rows.kept.get(ownership.owner)?.imageId === id &&
                    !rows.kept.get(ownership.owner)?.expired)))
            );
          }),
          volumes: found.volumes.filter(({ ownership }) => ownership.kind === "snapshot"),
        },
        rows,
      );
      expect(kept).toEqual([]);
    }),
  );
});

describe("the layers under an image", () => {
  const layers = [
    { ...image("sha256:low"), parent: "sha256:base" },
    { ...image("sha256:1"), parent: "sha256:mid" },
    { ...image("sha256:mid"), parent: "sha256:low" },
  ];
  it("stay as long as it is needed", () => {
    const rows = { ...noRows, snapshots: need("ready", "sha256:1"), named: named(owner) };
    expect(planSweep({ ...nothing, images: layers }, rows)).toEqual([]);
  });
  it("go after it, each before what it was made from", () => {
    const rows = { ...noRows, snapshots: need("removed", null) };
    const planned = planSweep({ ...nothing, images: layers }, rows);
    expect(planned.map(({ id }) => id)).toEqual(["sha256:1", "sha256:mid", "sha256:low"]);
  });
});
