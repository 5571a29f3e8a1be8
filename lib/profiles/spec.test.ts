import { describe, expect, it } from "vitest";
import { fieldErrors } from "@/lib/web/problem.server";
import { MAX_SCRIPT_BYTES, type SpecInput, specSchema } from "./spec";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const KiB = 1024;

/** The paths of the wrong fields of a spec that is right but for `parts`; none when it is valid. */
function wrongPaths(parts: Record<string, unknown>): string[] {
  const parsed = specSchema.safeParse({ baseImage: "debian", ...parts });
  return parsed.success ? [] : fieldErrors(parsed.error).map(({ path }) => path);
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("the defaults", () => {
  it("make a whole spec of a base image", () => {
    expect(specSchema.parse({ baseImage: "debian" })).toEqual({
      baseImage: "debian",
      setupScript: "",
      maintenanceScript: "",
      env: {},
      files: [],
      secrets: [],
      caches: [],
      persistentPaths: [],
      packages: { apt: [], npm: [], pip: [] },
      repositories: [],
      workdir: "/workspace",
      user: "root",
      resources: { cpus: 2, memoryMb: 2048, pids: 1024, diskMb: 10_240 },
      timeouts: { setupSeconds: 1800 },
      network: "bridge",
      check: "",
    });
  });

  it("fill in what a part leaves out", () => {
    const spec = specSchema.parse({
      baseImage: "debian",
      resources: { cpus: 1 },
      files: [{ path: "/a", content: "" }],
    });
    expect(spec.resources).toEqual({ cpus: 1, memoryMb: 2048, pids: 1024, diskMb: 10_240 });
    expect(spec.files).toEqual([{ path: "/a", content: "", mode: "0644" }]);
  });

  it("are stable: a parsed spec parses to itself", () => {
    const input: SpecInput = {
      baseImage: "debian",
      env: { A: "1" },
      files: [{ path: "/a", content: "b" }],
      resources: { pids: 8 },
    };
    const once = specSchema.parse(input);
    expect(specSchema.parse(once)).toEqual(once);
  });

  it("don't stand in for the base image", () => {
    expect(fieldErrors(specSchema.safeParse({}).error!).map(({ path }) => path)).toEqual(["baseImage"]);
  });
});

describe("baseImage", () => {
  it.each([
    "debian",
    "debian:bookworm-slim",
    "library/debian:12",
    "kiln/base:bookworm",
    "a/b/c/d",
    "registry.example.com/team/image:tag",
    "registry.example.com:5000/team/image",
    "localhost:5000/image",
    "localhost/image",
    "REGISTRY.example.com/image",
    "192.168.1.1:5000/image:1",
    "a.b-c_d__e---f/g",
    `debian@${digest}`,
    `debian:12@${digest}`,
    `registry.example.com:5000/team/image:tag@${digest}`,
    "image:Tag.With_every-thing.1",
    `image:${"t".repeat(128)}`,
    "a".repeat(512),
  ])("takes %s", (baseImage) => {
    expect(wrongPaths({ baseImage })).toEqual([]);
  });

  it.each([
    "",
    " ",
    " debian",
    "debian ",
    "debian\n",
    "Debian",
    "debian:Tag:Tag",
    "debian:",
    "debian:-tag",
    "debian:.tag",
    `image:${"t".repeat(129)}`,
    "library/Debian",
    "-debian",
    "debian-",
    "deb..ian",
    "deb___ian",
    "/debian",
    "debian/",
    "a//b",
    "https://example.com/image",
    "debian:12:13",
    "registry:port/image",
    "registry:/image",
    "registry:123456/image",
    "debian@sha256",
    `debian@${digest}0`,
    `debian@${digest.toUpperCase()}`,
    `debian@sha512:${"0".repeat(128)}`,
    `debian@${digest.slice(0, -1)}`,
    "debian --privileged",
    "debian;id",
    "$(id)",
    "debian\0",
    "dëbian",
    "a".repeat(513),
  ])("refuses %j", (baseImage) => {
    expect(new Set(wrongPaths({ baseImage }))).toEqual(new Set(["baseImage"]));
  });

  it.each([[undefined], [null], [7], [["debian"]], [{}]])("refuses %j, which is no text", (baseImage) => {
    expect(wrongPaths({ baseImage })).toEqual(["baseImage"]);
  });
});

describe("setupScript", () => {
  it.each([
    ["exactly 256 KiB", "x".repeat(MAX_SCRIPT_BYTES), true],
    ["one byte more", "x".repeat(MAX_SCRIPT_BYTES + 1), false],
    ["exactly 256 KiB in characters of three bytes", `${"日".repeat(87_381)}x`, true],
    ["one byte more in characters of three bytes", `${"日".repeat(87_381)}xx`, false],
    ["fewer than 256 Ki characters that are more bytes", "é".repeat(MAX_SCRIPT_BYTES / 2 + 1), false],
    ["an emoji at the border", `${"x".repeat(MAX_SCRIPT_BYTES - 4)}😀`, true],
    ["line ends of all kinds", "a\r\nb\nc\td", true],
    ["a NUL", "echo a\0b", false],
    ["half a character", "echo \ud800", false],
  ])("%s", (_, setupScript, valid) => {
    expect(MAX_SCRIPT_BYTES).toBe(256 * KiB);
    expect(wrongPaths({ setupScript })).toEqual(valid ? [] : ["setupScript"]);
  });
});

describe("env", () => {
  it.each([
    [{ PATH: "/bin" }, []],
    [{ _: "", a1_B: "x\ny" }, []],
    [{ "1A": "x" }, ["env.1A"]],
    [{ "A-B": "x" }, ["env.A-B"]],
    [{ "A=B": "x" }, ["env.A=B"]],
    [{ "": "x" }, ["env."]],
    [{ "A B": "x" }, ["env.A B"]],
    [{ "A\0": "x" }, ["env.A\0"]],
    [{ Ä: "x" }, ["env.Ä"]],
    [{ A: "x\0" }, ["env.A"]],
    [{ A: "\udc00" }, ["env.A"]],
    [{ A: 1 }, ["env.A"]],
    [{ A: "x".repeat(32_768) }, []],
    [{ A: "x".repeat(32_769) }, ["env.A"]],
    [{ ["N".repeat(128)]: "x" }, []],
    [{ ["N".repeat(129)]: "x" }, [`env.${"N".repeat(129)}`]],
    [Object.fromEntries(numbered(200).map((n) => [`N${n}`, ""])), []],
    [Object.fromEntries(numbered(201).map((n) => [`N${n}`, ""])), ["env"]],
    [["A=B"], ["env"]],
  ])("case %#", (env, paths) => {
    expect(wrongPaths({ env })).toEqual(paths);
  });
});

describe("files", () => {
  const file = (parts: object) => ({ files: [{ path: "/etc/motd", content: "", ...parts }] });
  it.each([
    ["/a", true],
    ["/etc/motd", true],
    ["/a b/ü", true],
    ["/..a/b..", true],
    ["/.config/x", true],
    [`/${"p".repeat(1023)}`, true],
    ["", false],
    ["/", false],
    ["a", false],
    ["./a", false],
    ["~/a", false],
    ["/a/", false],
    ["//a", false],
    ["/a//b", false],
    ["/a/./b", false],
    ["/a/../b", false],
    ["/..", false],
    ["/a/..", false],
    ["/.", false],
    ["/a\0", false],
    ["/\ud800", false],
    [`/${"p".repeat(1024)}`, false],
  ])("path %j", (path, valid) => {
    expect(new Set(wrongPaths(file({ path })))).toEqual(new Set(valid ? [] : ["files.0.path"]));
  });

  it.each([
    ["644", true],
    ["0644", true],
    ["0755", true],
    ["4755", true],
    ["04755", true],
    ["000", true],
    ["", false],
    ["64", false],
    ["888", false],
    ["u+x", false],
    ["0o644", false],
    ["123456", false],
    ["-644", false],
  ])("mode %j", (mode, valid) => {
    expect(wrongPaths(file({ mode }))).toEqual(valid ? [] : ["files.0.mode"]);
  });

  it.each([
    ["exactly 1 MiB", "x".repeat(KiB * KiB), true],
    ["one byte more", "x".repeat(KiB * KiB + 1), false],
    ["fewer characters that are more bytes", "é".repeat((KiB * KiB) / 2 + 1), false],
    // The database's JSON has no NUL and no half characters: such content could not be kept.
    ["a NUL", "\0", false],
    ["half a character", "a\udc00b", false],
  ])("content: %s", (_, content, valid) => {
    expect(wrongPaths(file({ content }))).toEqual(valid ? [] : ["files.0.content"]);
  });

  it("names each wrong field of each file", () => {
    const files = [
      { path: "/a", content: "" },
      { path: "b", content: 1, mode: "x" },
    ];
    expect(wrongPaths({ files })).toEqual(["files.1.path", "files.1.content", "files.1.mode"]);
  });

  it("refuses the same path twice, at the second", () => {
    const files = ["/a", "/b", "/a"].map((path) => ({ path, content: "" }));
    expect(wrongPaths({ files })).toEqual(["files.2.path"]);
  });

  it("takes a hundred", () => {
    const files = (count: number) => numbered(count).map((n) => ({ path: `/f${n}`, content: "" }));
    expect(wrongPaths({ files: files(100) })).toEqual([]);
    expect(wrongPaths({ files: files(101) })).toEqual(["files"]);
  });
});

describe("workdir", () => {
  it.each([
    ["/", true],
    ["/workspace", true],
    ["", false],
    ["workspace", false],
    ["/a/../b", false],
    ["/a\0", false],
    ["/a/", false],
  ])("%j", (workdir, valid) => {
    expect(new Set(wrongPaths({ workdir }))).toEqual(new Set(valid ? [] : ["workdir"]));
  });
});

describe("user", () => {
  it.each([
    ["root", true],
    ["dev-1_x", true],
    ["_apt", true],
    ["machine$", true],
    ["1000", true],
    ["1000:1000", true],
    ["dev:staff", true],
    ["0:0", true],
    ["", false],
    ["Root", false],
    ["a b", false],
    ["-a", false],
    ["a:", false],
    [":a", false],
    ["a:b:c", false],
    ["root\n", false],
    ["12345678901", false],
    ["u".repeat(65), false],
  ])("%j", (user, valid) => {
    expect(new Set(wrongPaths({ user }))).toEqual(new Set(valid ? [] : ["user"]));
  });
});

describe("numbers at their borders", () => {
  it.each([
    ["resources.cpus", 0.1, 64],
    ["resources.memoryMb", 16, 262_144],
    ["resources.pids", 8, 32_768],
    ["resources.diskMb", 64, 1_048_576],
    ["timeouts.setupSeconds", 1, 21_600],
  ])("%s from %d to %d", (path, least, most) => {
    const [group = "", field = ""] = path.split(".");
    const wrong = (value: unknown) => wrongPaths({ [group]: { [field]: value } });
    const step = path === "resources.cpus" ? 0.01 : 1;
    for (const valid of [least, most]) expect(wrong(valid)).toEqual([]);
    for (const invalid of [least - step, most + step, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, "2", null])
      expect(wrong(invalid)).toContain(path);
  });

  it.each(["resources.memoryMb", "resources.pids", "resources.diskMb", "timeouts.setupSeconds"])(
    "%s is whole",
    (path) => {
      const [group = "", field = ""] = path.split(".");
      expect(wrongPaths({ [group]: { [field]: 100.5 } })).toEqual([path]);
    },
  );

  it("part of a CPU is fine", () => {
    expect(wrongPaths({ resources: { cpus: 1.5 } })).toEqual([]);
  });
});

describe("network and check", () => {
  it.each([
    ["bridge", true],
    ["none", true],
    ["host", false],
    ["", false],
    ["container:x", false],
  ])("network %j", (network, valid) => {
    expect(wrongPaths({ network })).toEqual(valid ? [] : ["network"]);
  });

  it.each([
    ["", true],
    ["git --version", true],
    ["x".repeat(8192), true],
    ["x".repeat(8193), false],
    ["a\0b", false],
    ["\ud83d", false],
  ])("check case %#", (check, valid) => {
    expect(wrongPaths({ check })).toEqual(valid ? [] : ["check"]);
  });
});

describe("unknown fields", () => {
  it.each([
    [{ baseimage: "debian" }, ["baseimage"]],
    [{ resources: { cpu: 4 } }, ["resources.cpu"]],
    [{ timeouts: { setup: 5 } }, ["timeouts.setup"]],
    [{ files: [{ path: "/a", content: "", owner: "root" }] }, ["files.0.owner"]],
    [{ one: 1, two: 2 }, ["one", "two"]],
  ])("are named rather than dropped: case %#", (parts, paths) => {
    expect(wrongPaths(parts)).toEqual(paths);
  });
});

it("each message is a sentence for people", () => {
  const wrong = {
    baseImage: "B",
    setupScript: "\0",
    env: { "1": "" },
    files: [{ path: "a", content: "" }],
    user: "B",
    resources: { cpus: 0 },
  };
  const messages = fieldErrors(specSchema.safeParse(wrong).error!).map(({ message }) => message);
  expect(messages).toHaveLength(6);
  for (const message of messages) expect(message).toMatch(/^[A-Z“].*\.$/);
});
