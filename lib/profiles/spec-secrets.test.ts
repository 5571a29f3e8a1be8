import { describe, expect, it } from "vitest";
import { specSchema } from "./spec";
import { cloneSecrets, secretPlaces, secretsOf } from "./spec-secrets";

const repository = (path: string, secret?: string, url = "https://a.b/c") => ({
  url,
  path,
  ...(secret === undefined ? {} : { secret }),
});
const spec = specSchema.parse({
  baseImage: "a",
  secrets: ["NPM", "GIT"],
  repositories: [
    repository("/1"),
    repository("/2", "GIT"),
    repository("/3", "KEY", "git@a.b:c"),
    repository("/4", "GIT"),
  ],
});

describe("the secrets of a spec", () => {
  it("are those of the setup and those of clones, each once", () => {
    expect(secretsOf(spec)).toEqual(["NPM", "GIT", "KEY"]);
    expect(cloneSecrets(spec)).toEqual(["GIT", "KEY"]);
    expect(secretsOf(specSchema.parse({ baseImage: "a" }))).toEqual([]);
  });

  it("have their places", () => {
    expect(secretPlaces(spec).map(({ name, path }) => `${path} ${name}`)).toEqual([
      "secrets.0 NPM",
      "secrets.1 GIT",
      "repositories.1.secret GIT",
      "repositories.2.secret KEY",
      "repositories.3.secret GIT",
    ]);
  });
});

describe("a repository's secret", () => {
  it.each([
    ["GIT", "https://a.b/c", true],
    ["", "git://a.b/c", true],
    ["GIT", "ssh://a.b/c", true],
    ["GIT", "git://a.b/c", false],
    ["1ST", "https://a.b/c", false],
    ["with-dash", "https://a.b/c", false],
    ["x".repeat(129), "https://a.b/c", false],
  ])("%j of %s", (secret, url, isFine) => {
    const parsed = specSchema.safeParse({ baseImage: "a", repositories: [repository("/src", secret, url)] });
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toEqual(
      isFine ? undefined : ["repositories.0.secret"],
    );
  });
});
