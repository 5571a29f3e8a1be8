import { describe, expect, it } from "vitest";
import { adviceFor } from "./advice";
import { failureCodes, hintFor } from "./failure";

const table: Array<[string, string]> = [
  ["cp: error writing '/x': No space left on device", "The disk was full"],
  ["curl: (6) Could not resolve host: example.invalid", "A host's name"],
  ["Temporary failure resolving 'deb.debian.org'", "A host's name"],
  ["npm error code ENOTFOUND", "A host's name"],
  ["wget: bad address 'example.invalid'", "A host's name"],
  ["curl: (60) SSL certificate problem: self-signed certificate", "A TLS certificate"],
  ["tls: failed to verify certificate: x509: certificate signed by unknown authority", "A TLS certificate"],
  ["E: Unable to locate package jqq", "A package isn't known"],
  ["E: Package 'jqq' has no installation candidate", "A package isn't known"],
  ["ERROR: No matching distribution found for numpyy", "A package isn't known"],
  ["npm error code E404", "A package isn't known"],
  ["E: Failed to fetch http://deb.debian.org/x.deb  404  Not Found [IP: 1.2.3.4 80]", "A package mirror"],
  ["wget: server returned error: HTTP/1.1 404 Not Found", "A package mirror"],
  ["curl: (28) Connection timed out after 30001 milliseconds", "Another machine"],
  ["connect ECONNREFUSED 127.0.0.1:80", "Another machine"],
  ["/run/kiln/setup: line 3:    12 Killed                  make -j", "A process was killed"],
  ["Killed", "A process was killed"],
  ["fork: Cannot allocate memory".toLowerCase(), "A process was killed"],
  ["/run/kiln/setup: fork: retry: Resource temporarily unavailable", "No further process"],
  ["/bin/sh: can't fork: Resource temporarily unavailable", "No further process"],
  ["java.lang.OutOfMemoryError: unable to create native thread", "No further process"],
  ["/run/kiln/setup: line 1: jq: command not found", "A command isn't installed"],
  ["/bin/sh: 1: jq: not found", "A command isn't installed"],
  ["git@example.com: Permission denied (publickey).", "The repository's server refused"],
  ["fatal: Authentication failed for 'https://example.com/a.git/'", "The repository's server refused"],
  ["mkdir: cannot create directory '/x': Permission denied", "Something wasn't allowed"],
];

describe("the last lines", () => {
  it.each(table)("%s", (line, begins) => {
    const advice = adviceFor("setup_failed", ["hello", line, ""]);
    expect(advice.startsWith(begins)).toBe(true);
    expect(advice.endsWith(hintFor("setup_failed"))).toBe(true);
  });

  it.each(["", "hello", "3 files not found in cache", "killed 0 processes", "404 files", "not founded"])(
    "%j gives nothing away",
    (line) => {
      expect(adviceFor("setup_failed", [line])).toBe(hintFor("setup_failed"));
    },
  );

  it("the one nearest to the end counts", () => {
    expect(adviceFor("check_failed", ["Permission denied", "jq: command not found"])).toMatch(
      /^A command isn't/,
    );
  });

  it("aren't asked where the code itself says why; every code has a next step", () => {
    for (const code of failureCodes) expect(adviceFor(code, [])).toMatch(/\.$/);
    for (const code of ["out_of_memory", "worker_lost", "secret_leaked", "disk_limit_exceeded"] as const)
      expect(adviceFor(code, ["Permission denied"])).toBe(hintFor(code));
  });
});
