import { describe, expect, it } from "vitest";
import { cachesQuery } from "./caches/queries";
import { changeKinds } from "./events/wire";
import { healthQuery, hostsQuery } from "./hosts/queries";
import { inboxQuery, unreadQuery, wishesQuery } from "./inbox/queries";
import { comparisonQuery, inventoryQuery, inventorySummaryQuery } from "./inventories/queries";
import { poolQuery } from "./pool/queries";
import {
  draftQuery,
  profileQuery,
  profilesQuery,
  versionQuery,
  versionSnapshotsQuery,
  versionsQuery,
} from "./profiles/queries";
import { keys, keysTouchedBy } from "./query-keys";
import { sessionQuery, sessionsQuery } from "./sessions/queries";
import { snapshotQuery, snapshotsQuery } from "./snapshots/queries";
import { persistedQuery } from "./volumes/queries";

const isUnder = (key: readonly unknown[], prefix: readonly unknown[]) =>
  prefix.every((part, index) => key[index] === part);

const queries: Record<string, readonly unknown[]> = {
  profiles: profilesQuery({}).queryKey,
  profile: profileQuery("p").queryKey,
  draft: draftQuery("p").queryKey,
  versions: versionsQuery("p").queryKey,
  version: versionQuery("p", 1).queryKey,
  "version's snapshots": versionSnapshotsQuery("p", 1).queryKey,
  snapshots: snapshotsQuery({}).queryKey,
  snapshot: snapshotQuery("s").queryKey,
  inventory: inventoryQuery("s").queryKey,
  "inventory's summary": inventorySummaryQuery("s").queryKey,
  comparison: comparisonQuery("s", null).queryKey,
  sessions: sessionsQuery({}).queryKey,
  session: sessionQuery("s").queryKey,
  persisted: persistedQuery("s").queryKey,
  health: healthQuery().queryKey,
  caches: cachesQuery("p").queryKey,
  hosts: hostsQuery().queryKey,
  inbox: inboxQuery().queryKey,
  unread: unreadQuery().queryKey,
  wishes: wishesQuery().queryKey,
  pool: poolQuery("p").queryKey,
};

describe("query keys", () => {
  it.each(Object.entries(queries))("of %s are under the one root", (_, key) => {
    expect(isUnder(key, keys.root)).toBe(true);
  });

  it("differ, so that no answer is taken for another", () => {
    const texts = Object.values(queries).map((key) => JSON.stringify(key));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it("differ by what is asked for", () => {
    expect(profilesQuery({ query: "a" }).queryKey).not.toEqual(profilesQuery({ query: "b" }).queryKey);
    expect(versionQuery("p", 1).queryKey).not.toEqual(versionQuery("p", 2).queryKey);
    expect(profileQuery("draft").queryKey).not.toEqual(draftQuery("profile").queryKey);
    expect(snapshotsQuery({ status: "failed" }).queryKey).not.toEqual(snapshotsQuery({}).queryKey);
  });
});

describe("keysTouchedBy", () => {
  it.each([
    ["profile", ["pool", "profiles", "profile", "draft", "versions", "version", "version's snapshots"]],
    ["version", ["profiles", "profile", "draft", "versions", "version", "version's snapshots"]],
    [
      "snapshot",
      ["profiles", "profile", "versions", "version", "version's snapshots", "snapshots", "snapshot"],
    ],
    ["inventory", ["inventory", "inventory's summary", "comparison"]],
    ["session", ["sessions", "session", "profiles", "profile"]],
    ["command", []],
    ["cache", ["caches"]],
    ["worker", ["health"]],
    ["pool", ["pool"]],
    ["inbox", ["inbox", "unread", "wishes"]],
  ] as const)("a change of a %s reaches whatever shows it", (kind, shown) => {
    for (const name of shown)
      expect(keysTouchedBy(kind).some((prefix) => isUnder(queries[name] ?? [], prefix))).toBe(true);
  });

  it.each(changeKinds)("a change of a %s touches less than everything", (kind) => {
    for (const prefix of keysTouchedBy(kind)) expect(prefix.length).toBeGreaterThan(keys.root.length);
  });
});
