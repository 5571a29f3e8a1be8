import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Spec, specSchema } from "@/lib/profiles/spec";
import { type Program, planPrograms } from "./programs";
import { type KeyStart, stepKeys } from "./step-key";

const start: KeyStart = { imageId: "sha256:base", platform: "linux/amd64" };
const none = new Map<string, string>();

/** Texts that are apt to run into each other: separators, quotes, and what JSON escapes. */
const text = fc.string({
  unit: fc.constantFrom("a", "b", "=", ",", '"', "\\", "[", "]", "\n", " ", "0", "é", "\0", "\ud800"),
  maxLength: 6,
});
const name = fc.constantFrom("A", "B", "TOKEN", "KEY", "__proto__", "1");

const program = fc.record({
  step: fc.constantFrom<Program["step"]>("setup", "setup:1", "repositories"),
  what: text,
  intro: text,
  command: fc.array(text, { maxLength: 4 }),
  user: text,
  script: fc.option(text),
  input: fc.option(text),
  isEmpty: fc.boolean(),
  budget: fc.constantFrom<Program["budget"]>("setup", "own"),
  secrets: fc.uniqueArray(name, { maxLength: 3 }),
  mountsCaches: fc.boolean(),
  code: fc.constantFrom<Program["code"]>("plan_failed", "setup_failed"),
  explain: fc.constant(() => ""),
});

const surroundings = fc.record({
  env: fc.dictionary(text, text, { maxKeys: 4 }),
  workdir: text,
  network: fc.constantFrom<Spec["network"]>("bridge", "none"),
  files: fc.array(fc.record({ path: text, content: text, mode: text }), { maxLength: 3 }),
  caches: fc.array(text, { maxLength: 3 }),
});

const content = fc.record({ start: fc.record({ imageId: text, platform: text }), surroundings });
const programs = fc.array(program, { minLength: 1, maxLength: 5 });
const revisions = fc.array(fc.tuple(name, text), { maxLength: 4 }).map((pairs) => new Map(pairs));

/** What a step's key is about, so that two of them can be told apart without a hash. */
const essence = (given: Program, known: ReadonlyMap<string, string>) => ({
  command: given.command,
  user: given.user,
  script: given.script,
  input: given.input,
  secrets: given.secrets.map((secret) => [secret, known.get(secret) ?? ""]),
});

/** How many of the first keys are the same. */
function common(one: readonly string[], other: readonly string[]): number {
  const differs = one.findIndex((key, index) => key !== other[index]);
  return differs < 0 ? one.length : differs;
}

test("the same content has the same keys, in whatever order the names of the environment come", () => {
  fc.assert(
    fc.property(content, programs, revisions, (given, steps, known) => {
      const keys = stepKeys(given.start, given.surroundings, steps, known);
      expect(keys).toHaveLength(steps.length);
      const env = Object.fromEntries(Object.entries(given.surroundings.env).reverse());
      const again = new Map([...known].reverse());
      expect(stepKeys({ ...given.start }, { ...given.surroundings, env }, steps, again)).toEqual(keys);
    }),
  );
});

const changes: Array<[string, (step: Program, word: string) => Program]> = [
  ["a word of the command", (step, word) => ({ ...step, command: [...step.command, word] })],
  ["the user", (step, word) => ({ ...step, user: `${step.user}${word}x` })],
  ["the script", (step, word) => ({ ...step, script: `${step.script ?? ""}${word}x` })],
  ["the standard input", (step, word) => ({ ...step, input: `${step.input ?? ""}${word}x` })],
  ["whether there is a standard input", (step) => ({ ...step, input: step.input === null ? "" : null })],
  ["whether there is a script", (step) => ({ ...step, script: step.script === null ? "" : null })],
  ["which secrets it takes", (step) => ({ ...step, secrets: [...step.secrets, "ANOTHER"] })],
];

test.each(changes)("another %s: other keys from that step on, the same before it", (_part, change) => {
  fc.assert(
    fc.property(content, programs, fc.nat(), text, (given, steps, where, word) => {
      const at = where % steps.length;
      const changed = steps.map((step, index) => (index === at ? change(step, word) : step));
      const before = stepKeys(given.start, given.surroundings, steps, none);
      const after = stepKeys(given.start, given.surroundings, changed, none);
      expect(common(before, after)).toBe(at);
      for (const [index, key] of before.entries()) if (index >= at) expect(after).not.toContain(key);
    }),
  );
});

test("what no step's content is makes no other key: names, titles, limits, the code of a failure", () => {
  fc.assert(
    fc.property(content, programs, programs, (given, steps, others) => {
      const disguised = steps.map((step, index) => {
        const { command, user, script, input, secrets } = step;
        return { ...(others[index % others.length] ?? step), command, user, script, input, secrets };
      });
      expect(stepKeys(given.start, given.surroundings, disguised, none)).toEqual(
        stepKeys(given.start, given.surroundings, steps, none),
      );
    }),
  );
});

test("two builds have the same keys only when all that went into them is the same", () => {
  const build = fc.record({ given: content, steps: programs, known: revisions });
  const parts = ({ given, steps, known }: typeof build extends fc.Arbitrary<infer T> ? T : never) =>
    JSON.stringify([
      given.start,
      { ...given.surroundings, env: Object.entries(given.surroundings.env).sort() },
      steps.map((step) => essence(step, known)),
    ]);
  fc.assert(
    fc.property(build, build, (one, other) => {
      const [keys, others] = [one, other].map(({ given, steps, known }) =>
        stepKeys(given.start, given.surroundings, steps, known),
      );
      expect(keys?.at(-1) === others?.at(-1)).toBe(parts(one) === parts(other));
    }),
    { numRuns: 300 },
  );
});

test("a character that moves from one field into the next makes another key", () => {
  const around = spec({});
  const keyOf = (given: Partial<Program>, env: Record<string, string> = {}, from = start) => {
    const steps = planPrograms(around).map((plain) => ({ ...plain, ...given }));
    return stepKeys(from, { ...around, env }, steps, none).join();
  };
  const keys = [
    keyOf({ command: ["ab", "c"], user: "d" }),
    keyOf({ command: ["a", "bc"], user: "d" }),
    keyOf({ command: ["abc"], user: "d" }),
    keyOf({ command: ["ab"], user: "cd" }),
    keyOf({ command: ["ab"], user: "c", script: "d" }),
    keyOf({ command: ["ab", "c", "d"], user: "" }),
    keyOf({ command: ['ab","c'], user: "d" }),
    keyOf({ script: "a", input: "b" }),
    keyOf({ script: "ab", input: "" }),
    keyOf({ script: null, input: "ab" }),
    keyOf({ user: "ab", script: "c" }),
    keyOf({ user: "a", script: "bc" }),
    keyOf({}, { A: "B=C" }),
    keyOf({}, { "A=B": "C" }),
    keyOf({}, { A: "B", C: "" }),
    keyOf({}, {}, { imageId: "sha256:basel", platform: "inux/amd64" }),
    keyOf({}, {}, start),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

function spec(parts: object): Spec {
  return specSchema.parse({ baseImage: "busybox", setupScript: "true", ...parts });
}

const keysOf = (parts: object, from = start, known: ReadonlyMap<string, string> = none) => {
  const given = spec(parts);
  return stepKeys(from, given, planPrograms(given), known);
};

describe("the keys of a spec", () => {
  const sections = (...texts: string[]) =>
    texts.map((body, index) => `## step: part ${index}\n${body}\n`).join("");
  const whole = {
    setupScript: sections("one", "two", "three"),
    packages: { apt: ["jq"], npm: ["left-pad"] },
    repositories: [{ url: "https://example.com/a.git", path: "/a" }],
    files: [{ path: "/etc/motd", content: "hello" }],
    env: { A: "1", B: "2" },
  };
  const before = keysOf(whole);

  it("are one for each program", () => expect(before).toHaveLength(6));

  it.each<[string, object]>([
    ["limits", { resources: { cpus: 1, memoryMb: 64, pids: 9, diskMb: 64 } }],
    ["the time limit", { timeouts: { setupSeconds: 7 } }],
    ["the check", { check: "true" }],
    ["the maintenance script", { maintenanceScript: "echo kept" }],
    ["the base image's name, when it is the same image", { baseImage: "busybox:other" }],
    ["the order of the environment", { env: { B: "2", A: "1" } }],
  ])("don't depend on %s", (_what, parts) => {
    expect(keysOf({ ...whole, ...parts })).toEqual(before);
  });

  it.each<[string, object]>([
    ["a variable", { env: { A: "1", B: "3" } }],
    ["one variable more", { env: { A: "1", B: "2", C: "" } }],
    ["the folder", { workdir: "/elsewhere" }],
    ["a file's content", { files: [{ path: "/etc/motd", content: "hello!" }] }],
    ["a file's mode", { files: [{ path: "/etc/motd", content: "hello", mode: "0600" }] }],
    ["a file's path", { files: [{ path: "/etc/motd2", content: "hello" }] }],
    ["a cache", { caches: ["/root/.cache"] }],
    ["a package of the first manager", { packages: { apt: ["jq", "curl"], npm: ["left-pad"] } }],
  ])("are all others with another %s", (_what, parts) => {
    expect(common(before, keysOf({ ...whole, ...parts }))).toBe(0);
  });

  it("of another image, or of the same one for another platform, are all others", () => {
    expect(common(before, keysOf(whole, { ...start, imageId: "sha256:other" }))).toBe(0);
    expect(common(before, keysOf(whole, { ...start, platform: "linux/arm64" }))).toBe(0);
  });

  it("are all others with another network", () => {
    const [onBridge, alone] = ["bridge", "none"].map((network) =>
      keysOf({ setupScript: sections("one", "two"), network }),
    );
    expect(common(onBridge ?? [], alone ?? [])).toBe(0);
  });

  it("of steps before a change stay", () => {
    expect(common(before, keysOf({ ...whole, setupScript: sections("one", "two", "3") }))).toBe(5);
    expect(common(before, keysOf({ ...whole, setupScript: sections("one", "2", "three") }))).toBe(4);
    expect(common(before, keysOf({ ...whole, packages: { apt: ["jq"], npm: ["right-pad"] } }))).toBe(1);
    const [repository] = whole.repositories;
    expect(common(before, keysOf({ ...whole, repositories: [{ ...repository, ref: "next" }] }))).toBe(2);
    expect(common(before, keysOf({ ...whole, setupScript: sections("one", "two", "three", "four") }))).toBe(
      6,
    );
    expect(common(before, keysOf({ ...whole, setupScript: sections("one", "two") }))).toBe(5);
  });

  it("depend on the order of steps", () => {
    const swapped = keysOf({ ...whole, setupScript: sections("two", "one", "three") });
    expect(common(before, swapped)).toBe(3);
    expect(swapped.at(-1)).not.toBe(before.at(-1));
  });
});

describe("secrets", () => {
  const parts = {
    packages: { apt: ["jq"] },
    repositories: [{ url: "https://example.com/a.git", path: "/a", secret: "GIT" }],
    setupScript: "true",
    secrets: ["TOKEN"],
  };
  const known = new Map([
    ["GIT", "1"],
    ["TOKEN", "1"],
  ]);
  const before = keysOf(parts, start, known);
  const rotated = (secret: string) => keysOf(parts, start, new Map([...known, [secret, "2"]]));

  it("count from the first program on that takes them", () => {
    expect(common(before, rotated("GIT"))).toBe(1);
    expect(common(before, rotated("TOKEN"))).toBe(2);
  });

  it("that no program takes don't count", () => expect(rotated("OTHER")).toEqual(before));
});
