import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SessionStatus, sessionStatuses } from "@/lib/sessions/state";
import { isActive, type SnapshotStatus, snapshotStatuses } from "@/lib/snapshots/state";
import { captureComment } from "@/worker/build-snapshot/plan";
import type { Ownership } from "@/worker/containers/types";
import { type Found, planSweep, type Rows } from "./plan";

const owner = "0193a1b2-0000-7000-8000-0123456789ab";
const other = "0193a1b2-0000-7000-8000-0123456789ac";
const base: Ownership = { installation: "i", kind: "build", owner, attempt: 2, worker: "w" };
const nothing: Found = { containers: [], images: [], volumes: [] };
const noRows: Rows = {
  claims: [],
  sessions: new Map(),
  kept: new Map(),
  snapshots: new Map(),
  expired: new Map(),
};
const claim = { snapshotId: owner, attempt: 2, workerId: "w" };

const container = (ownership: Partial<Ownership>, id = "c") => ({
  id,
  name: `name-${id}`,
  running: true,
  ownership: { ...base, ...ownership },
});
const session = (status: SessionStatus, containerId: string | null) =>
  new Map([[owner, { status, containerId }]]);

const left = (expired: boolean, containerId = "c") =>
  new Map([[owner, { containerId, imageId: "sha256:1", expired }]]);

describe("a container", () => {
  const useless = "no worker is building with it";
  it.each<[string, Partial<Ownership>, Partial<Rows>, string | null]>([
    ["of a build that is held", {}, { claims: [claim] }, null],
    ["of the check of a build that is held", { kind: "check" }, { claims: [claim] }, null],
    ["of an older attempt", { attempt: 1 }, { claims: [claim] }, useless],
    ["of another worker", { worker: "x" }, { claims: [claim] }, useless],
    ["of another snapshot", { owner: other }, { claims: [claim] }, useless],
    ["of a build that is over", {}, {}, useless],
    ["of a session that is over", { kind: "session" }, {}, "its session is over"],
    ["of a session that starts", { kind: "session" }, { sessions: session("starting", null) }, null],
    ["of a session that runs in it", { kind: "session" }, { sessions: session("running", "c") }, null],
    [
      "of a session that runs in another one",
      { kind: "session" },
      { sessions: session("running", "d") },
      "its session runs in another one",
    ],
    ["that is kept before its failure is written down", { kind: "kept" }, { claims: [claim] }, null],
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
    ["that only inherited a snapshot's labels", { kind: "snapshot" }, {}, null],
  ])("%s", (_, ownership, rows, reason) => {
    const planned = planSweep({ ...nothing, containers: [container(ownership)] }, { ...noRows, ...rows });
    expect(planned.map((removal) => removal.reason)).toEqual(reason === null ? [] : [reason]);
  });
});

describe("a volume", () => {
  it.each<[string, Partial<Ownership>, Partial<Rows>, number]>([
    ["of a build that is held", {}, { claims: [claim] }, 0],
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
  comment,
  parent: null as string | null,
  ownership: { installation: "i", kind: "snapshot" as const, owner, ...ownership },
});
const need = (status: SnapshotStatus, imageId: string | null) =>
  new Map([[owner, { status, imageId, name: "#3 of tools v1" }]]);

describe("an image", () => {
  const ready = { snapshots: need("ready", "sha256:1") };
  it.each<[string, ReturnType<typeof image>, Partial<Rows>, string | null]>([
    ["that its snapshot names", image(), ready, null],
    ["of a lost attempt", image("sha256:2"), ready, "snapshot #3 of tools v1 has another image"],
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
  attempt: fc.integer({ min: 1, max: 3 }),
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
        comment,
        ownership,
        parent: fc.constantFrom(null, "sha256:1", "sha256:2"),
      }),
    ),
    volumes: fc.array(fc.record({ name: fc.string(), ownership })),
  }),
  claims: fc.array(
    fc.record({
      snapshotId: id,
      attempt: fc.integer({ min: 1, max: 3 }),
      workerId: fc.constantFrom("w", "x"),
    }),
  ),
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

it("I8: whatever there is, nothing that is needed is ever planned, and nothing twice", () => {
  fc.assert(
    fc.property(world, ({ found, claims, sessions, snapshots, left }) => {
      const rows: Rows = {
        claims,
        sessions: new Map(sessions),
        snapshots: new Map(snapshots),
        expired: new Map(),
        kept: new Map(left),
      };
      const planned = planSweep(found, rows);
      const total = found.containers.length + found.images.length + found.volumes.length;
      expect(planned.length).toBeLessThanOrEqual(total);
      const kept = planSweep(
        {
          containers: found.containers.filter(({ id, ownership: { kind, owner, attempt, worker } }) =>
            kind === "session"
              ? rows.sessions.has(owner) && rows.sessions.get(owner)?.status !== "running"
              : claims.some(
                  (held) => held.snapshotId === owner && held.attempt === attempt && held.workerId === worker,
                ) ||
                (kind === "kept" &&
                  rows.kept.get(owner)?.containerId === id &&
                  !rows.kept.get(owner)?.expired),
          ),
          images: found.images.filter(({ id, comment, ownership }) => {
            const row = rows.snapshots.get(ownership.owner);
            return (
              !comment.startsWith("Kiln") ||
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
    const rows = { ...noRows, snapshots: need("ready", "sha256:1") };
    expect(planSweep({ ...nothing, images: layers }, rows)).toEqual([]);
  });
  it("go after it, each before what it was made from", () => {
    const rows = { ...noRows, snapshots: need("removed", null) };
    const planned = planSweep({ ...nothing, images: layers }, rows);
    expect(planned.map(({ id }) => id)).toEqual(["sha256:1", "sha256:mid", "sha256:low"]);
  });
});
