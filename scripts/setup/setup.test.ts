import { describe, expect, test, vi } from "vitest";
import { fetchSettings, parseList, parseStanzas, sourcesOf } from "./apt-sources.mjs";
import { isInstalled } from "./dependencies.mjs";
import { connectionTo } from "./docker-api.mjs";
import { beganAt, identify, isAlive } from "./identity.mjs";
import { formatDuration } from "./steps.mjs";
import { closingLine, countPlaywright, countVitest } from "./summary.mjs";
import { shorten } from "./tail.mjs";

describe("this machine's Debian mirrors", () => {
  const mirror = "http://mirror.test/debian";

  test("are read from the one-line format", () => {
    const text = `# deb ${mirror} old main\ndeb [arch=amd64 signed-by=/k] ${mirror} bookworm main contrib # note\ndeb-src ${mirror} bookworm main\n`;
    expect(parseList(text)).toEqual([{ uri: mirror, suite: "bookworm", components: ["main", "contrib"] }]);
  });

  test("are read from stanzas, with comments, folded lines and disabled ones", () => {
    const text = [
      "Types: deb deb-src",
      "# a comment inside",
      `URIs: ${mirror}`,
      "Suites: bookworm",
      " bookworm-updates",
      "Components: main",
      "",
      "Types: deb",
      "Enabled: no",
      `URIs: ${mirror}`,
      "Suites: sid",
      "Components: main",
    ].join("\n");
    expect(parseStanzas(text)).toEqual([
      { uri: mirror, suite: "bookworm", components: ["main"] },
      { uri: mirror, suite: "bookworm-updates", components: ["main"] },
    ]);
  });

  test("leave out third parties and what a container can't reach", () => {
    const sources = [
      { uri: "http://other.test/apt", suite: "tool-bookworm", components: ["main"] },
      { uri: "file:/mirror", suite: "bookworm", components: ["main"] },
      { uri: "http://s.test/debian-security", suite: "bookworm-security", components: ["main", "contrib"] },
      { uri: mirror, suite: "bookworm", components: ["main", "non-free"] },
    ];
    expect(sourcesOf(sources, "bookworm")).toEqual([
      { uri: mirror, suite: "bookworm", components: ["main"] },
      { uri: "http://s.test/debian-security", suite: "bookworm-security", components: ["main"] },
    ]);
  });

  test("bring their proxy along, unless it is on the loopback", () => {
    const dump = [
      'Acquire "";',
      'Acquire::http::Proxy "http://proxy.test:3142";',
      'Acquire::https::Proxy "http://127.0.0.1:3142";',
      'Acquire::Check-Valid-Until "false";',
      'Acquire::Languages "none";',
    ].join("\n");
    expect(fetchSettings(dump)).toEqual([
      'Acquire::http::Proxy "http://proxy.test:3142";',
      'Acquire::Check-Valid-Until "false";',
    ]);
  });
});

describe("what counts as a test", () => {
  const file = (status: string, ...results: string[]) => ({
    status,
    assertionResults: results.map((result) => ({ status: result, fullName: "", failureMessages: [] })),
  });

  test("a file that can't be loaded is one failure", () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      testResults: [file("passed", "passed"), file("failed", "failed", "passed"), file("failed")],
    };
    expect(countVitest(report, false)).toMatchObject({ passed: 3, failed: 2 });
  });

  test("a run without tests fails, unless a filter chose them", () => {
    const report = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
    expect(countVitest(report, true)).toMatchObject({ failed: 1, problem: "no test ran" });
    expect(countVitest(report, true, true)).toEqual({ passed: 0, failed: 0, flaky: [] });
    expect(countVitest(report, false, true)).toMatchObject({ failed: 1 });
  });

  test("a runner that ends badly without a failed test is one failure", () => {
    const report = {
      numPassedTests: 2,
      numFailedTests: 0,
      testResults: [file("passed", "passed", "passed")],
    };
    expect(countVitest(report, false)).toMatchObject({ passed: 2, failed: 1 });
  });

  test("what passes only when it is tried again has passed, and is named", () => {
    const unsteady = { status: "passed", fullName: "now and then", failureMessages: ["once"] };
    const report = {
      numPassedTests: 1,
      numFailedTests: 0,
      testResults: [{ status: "passed", assertionResults: [unsteady] }],
    };
    expect(countVitest(report, true)).toEqual({ passed: 1, failed: 0, flaky: ["now and then"] });
  });

  test("and so it is in a browser", () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
    const inner = { specs: [spec("b", "flaky"), spec("c", "unexpected")] };
    const report = {
      stats: { expected: 3, unexpected: 1, flaky: 1 },
      suites: [{ specs: [spec("a", "expected")], suites: [inner] }],
      errors: [],
    };
    expect(countPlaywright(report, false)).toEqual({ passed: 4, failed: 1, flaky: ["b"] });
  });

  test("the closing line adds up", () => {
    expect(
      closingLine([
        { passed: 2, failed: 1 },
        { passed: 40, failed: 0 },
      ]),
    ).toBe("Tests: 42 passed, 1 failed");
  });
});

describe("whether the dependencies are installed", () => {
  const wanted = {
    packages: {
      "": { version: "1.0.0" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "2.0.0", optional: true },
    },
  };
  test.each([
    ["all there", { a: "1.0.0", b: "2.0.0" }, true],
    ["another platform's is left out", { a: "1.0.0" }, true],
    ["one is missing", { b: "2.0.0" }, false],
    ["one is of another version", { a: "1.0.1" }, false],
    ["an optional one is of another version", { a: "1.0.0", b: "1.9.0" }, false],
  ])("%s", (_name, have, expected) => {
    const packages = Object.fromEntries(
      Object.entries(have).map(([name, version]) => [`node_modules/${name}`, { version }]),
    );
    expect(isInstalled(wanted, { packages })).toBe(expected);
  });
});

describe("a line of a process's log, shortened for the terminal", () => {
  test.each([
    ['{"level":30,"msg":"hello"}', null],
    ['{"level":40,"msg":"slow"}', "warning: slow"],
    ['{"level":50,"msg":"lost","err":{"message":"refused"}}', "error: lost: refused"],
    ['{"level":50,"msg":"refused","err":{"message":"refused"}}', "error: refused"],
    ["TypeError: x is not a function", "TypeError: x is not a function"],
    [" ✓ Ready in 2 s", null],
  ])("%s", (line, expected) => {
    expect(shorten(line)).toBe(expected);
  });
});

test("an engine's address says how to connect", () => {
  expect(connectionTo("unix:///run/x.sock")).toEqual({ secure: false, socketPath: "/run/x.sock" });
  expect(connectionTo("tcp://host:1234")).toMatchObject({ host: "host", port: 1234 });
  expect(connectionTo("tcp://[::1]:1234")).toMatchObject({ host: "::1", port: 1234 });
  expect(() => connectionTo("ssh://host")).toThrow(/unix:\/\/ or tcp:\/\//);
  vi.stubEnv("DOCKER_TLS_VERIFY", "1");
  vi.stubEnv("DOCKER_CERT_PATH", "/nowhere");
  expect(() => connectionTo("tcp://host")).toThrow(/\/nowhere\/ca\.pem.*ENOENT.*DOCKER_CERT_PATH/);
  vi.unstubAllEnvs();
});

test("a process is told from a later one with the same number", () => {
  const self = identify(process.pid);
  expect(isAlive(self)).toBe(true);
  expect(isAlive({ ...self, began: "another boot:1" })).toBe(false);
  expect(beganAt(0)).toBeNull();
});

test.each([
  [940, "0.9 s"],
  [59_940, "59.9 s"],
  [72_400, "1m 12s"],
])("%i ms reads %s", (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});
