import { describe, expect, it } from "vitest";
import { sessionFailure, startReason, warmFailure } from "@/lib/sandboxes/start-failure";
import { type PoolFacts, poolNote } from "./note";
import { canMove, sourcesOf, warmStatuses } from "./state";
import { cpuWords, poolWords } from "./words";

const facts: PoolFacts = {
  ...{ size: 3, ready: 1, archived: false, usable: true, host: "attic" },
  ...{ diskLow: false, engineAway: false, working: true, error: null, retryAt: "2026-01-01T00:00:00.000Z" },
};

describe("why a pool isn't full", () => {
  it.each<[Partial<PoolFacts>, RegExp]>([
    [{ archived: true, usable: false }, /archived/],
    [{ usable: false, working: false }, /No version can start sessions yet/],
    [{ working: false, engineAway: true }, /No worker runs on attic/],
    [{ engineAway: true, diskLow: true }, /engine of attic doesn’t answer/],
    [{ diskLow: true, error: "x" }, /disk of attic is nearly full/],
    [{ error: "no shell" }, /^The last start failed: no shell\.$/],
    [{ error: "No shell." }, /No shell\.$/],
  ])("%j", (changes, words) => {
    expect(poolNote({ ...facts, ...changes }).note).toMatch(words);
  });

  it("a time is told only where a failed start is the reason: nothing else is tried again by itself then", () => {
    const failed = { ...facts, error: "no shell" };
    expect(poolNote(failed).retryAt).toBe(facts.retryAt);
    for (const changes of [{ archived: true }, { working: false }, { diskLow: true }, { ready: 3 }])
      expect(poolNote({ ...failed, ...changes }).retryAt).toBeNull();
  });

  it.each<Partial<PoolFacts>>([{}, { size: 0, usable: false }, { ready: 3, error: "over" }])(
    "nothing is said of what is well, or will be in a moment: %j",
    (changes) => {
      expect(poolNote({ ...facts, ...changes })).toEqual({ note: null, retryAt: null });
    },
  );
});

it.each<[string, string]>([
  [
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown',
    "The image has no /bin/sh, which keeps a sandbox up. Choose a base image that has one, then publish the profile.",
  ],
  [
    "unable to find user dev: no matching entries in passwd file",
    "The image has no user “dev”. Add it in the setup script or choose another user, then publish the profile.",
  ],
  [
    "lstat /var/lib/docker/overlay2/bd60/merged/etc/passwd/x: not a directory",
    "/etc/passwd/x is in the way of the working folder. Choose another folder, then publish the profile.",
  ],
  [
    "Cannot mkdir: /bin/sh is not a directory",
    "/bin/sh is in the way of the working folder. Choose another folder, then publish the profile.",
  ],
  [
    "Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available",
    "The host has no more than 2 CPUs. Ask for fewer, then publish the profile.",
  ],
  ["Minimum memory limit allowed is 6MB", "Ask for at least 6MB of memory, then publish the profile."],
  [
    "Unknown runtime specified kata",
    "The engine has no runtime “kata”. Install it there, or start the worker without it.",
  ],
  [
    "OCI runtime create failed: container_linux.go:380: starting container process caused: no space left on device: unknown",
    "The last start failed: no space left on device. Start a session by hand, and look at the engine’s log if that fails, too.",
  ],
  [
    "The snapshot's image is gone. Refresh the version.",
    "The last start failed: The snapshot's image is gone. Refresh the version.",
  ],
])("what an engine says of a failed start becomes a sentence with a next step: %s", (said, told) => {
  expect(warmFailure(said)).toBe(told);
});

it("of a session that wasn't started the same is told, without a word of others; Kiln's own sentences stay as they are", () => {
  const full =
    "OCI runtime create failed: container_linux.go:380: starting container process caused: no space left on device: unknown";
  expect(startReason(full)).toBe("no space left on device.");
  expect(sessionFailure(full)).toBe(
    "The engine couldn’t start it: no space left on device. Start another one, and look at the engine’s log if that fails, too.",
  );
  expect(sessionFailure("unable to find user dev: no matching entries in passwd file")).toMatch(
    /^The image has no user “dev”\. Add it/,
  );
  const own = "The snapshot's image is gone. Refresh the version.";
  expect(sessionFailure(own)).toBe(own);
});

it("in words", () => {
  expect(poolWords({ size: 3, ready: 3, starting: 0 })).toBe("3 of 3 warm");
  expect(poolWords({ size: 3, ready: 1, starting: 2 })).toBe("1 of 3 warm, 2 starting");
  expect([1, 0.5, 0.001, 0].map(cpuWords)).toEqual(["1 CPU", "0.5 CPUs", "< 0.01 CPUs", "0 CPUs"]);
});

it("a sandbox that a session has taken goes back to no pool", () => {
  for (const to of ["starting", "ready"] as const)
    expect(sourcesOf(to).filter((from) => from === "claimed" || from === "given")).toEqual([]);
  expect(warmStatuses.filter((to) => canMove("given", to))).toEqual([]);
  expect(sourcesOf("claimed")).toEqual(["ready"]);
});
