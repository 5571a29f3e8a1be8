import { describe, expect, it } from "vitest";
import { cloneFailure, packageFailure } from "./plan-failures";

describe("packageFailure", () => {
  it.each([
    ["apt", 100, "Reading…\nE: Unable to locate package nope\n", "apt: There is no package nope."],
    ["apt", 100, "E: Version '9*' for 'jq' was not found\n", "apt: Version '9*' for 'jq' was not found."],
    ["apt", 100, "E: Package 'x' has no installation candidate\n", "apt: Package x can't be installed."],
    ["apt", 100, "E: Sub-process died\n", "Installing the apt packages ended with exit code 100."],
    ["npm", 1, "npm error 404  'nope@*' is not in this registry.\n", "npm: There is no package nope."],
    [
      "npm",
      1,
      "npm error 404 Not Found - GET http://r/nope\nnpm error 404  The requested resource 'nope@*' could not be found or\n",
      "npm: There is no package nope.",
    ],
    [
      "npm",
      1,
      "npm error code 3\nnpm error path /usr/lib/node_modules/a/node_modules/@b/c\nnpm error command failed\n",
      "npm: The install script of @b/c failed.",
    ],
    ["npm", 1, "npm ERR! 404  '@a/b@1' is not in this registry.\n", "npm: There is no package @a/b@1."],
    [
      "npm",
      1,
      "npm error notarget No matching version found for left-pad@99.\n",
      "npm: There is no version left-pad@99.",
    ],
    [
      "pip",
      1,
      "ERROR: No matching distribution found for nope==1\n",
      "pip: There is no package nope==1 for this Python.",
    ],
    [
      "pip",
      1,
      "Collecting one\nCollecting two>=1\n  error: subprocess-exited-with-error\nerror: metadata-generation-failed\n",
      "pip: two>=1 has to be built from its source here, and that failed.",
    ],
    [
      "pip",
      1,
      "  ERROR: Failed building wheel for two\nFailed to build two\n",
      "pip: two has to be built from its source here, and that failed.",
    ],
  ] as const)("%s, exit code %i, %j", (manager, code, said, expected) => {
    expect(packageFailure(manager, code, said)).toBe(expected);
  });

  it("says what to do when the manager isn't there", () => {
    expect(packageFailure("npm", 127, "")).toBe(
      "npm isn't in this image: add nodejs and npm to the apt packages, or start from a Node image.",
    );
  });
});

describe("cloneFailure", () => {
  const repositories = [
    { url: "https://a.b/one", ref: "", path: "/one", secret: "" },
    { url: "https://a.b/two", ref: "v9", path: "/two", secret: "TOKEN" },
  ];
  it.each([
    [127, "", "git isn't in this image: add git to the apt packages, or start from an image that has it."],
    [
      10,
      "fatal: repository not found\n",
      "https://a.b/one could not be cloned to /one: repository not found",
    ],
    [11, "", "https://a.b/two could not be cloned to /two."],
    [41, "error: pathspec\n", "https://a.b/two has no branch, tag or commit “v9”."],
    [
      10,
      "fatal: could not read Username for 'https://a.b': terminal prompts disabled\n",
      "https://a.b/one needs a secret: choose one beside it in a new draft, then publish that.",
    ],
    [
      11,
      "fatal: Authentication failed for 'https://a.b/two/'\n",
      "The secret TOKEN was refused by https://a.b/two.",
    ],
    [
      11,
      "fatal: unable to access 'https://a.b/two/': The requested URL returned error: 403\n",
      "The secret TOKEN was refused by https://a.b/two.",
    ],
    [
      11,
      'Load key "/run/secrets/.key": error in libcrypto\nA@b: Permission denied (publickey).\nfatal: Could not read\n',
      "The secret TOKEN was refused by https://a.b/two. It holds no private key that ssh can read; one with a passphrase can't be used, either.",
    ],
    [
      10,
      "error: cannot run ssh: No such file or directory\nfatal: unable to fork\n",
      "https://a.b/one is cloned with ssh, which isn't in this image: add openssh-client to the apt packages.",
    ],
    [12, "", "Cloning the repositories ended with exit code 12."],
    [137, "", "Cloning the repositories ended with exit code 137: it was killed."],
  ])("exit code %i after %j", (code, said, expected) => {
    expect(cloneFailure(repositories, code, said)).toBe(expected);
  });
});
