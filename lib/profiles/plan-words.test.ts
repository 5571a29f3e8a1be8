import { describe, expect, it } from "vitest";
import { specSchema } from "./spec";

const wrong = (parts: object) =>
  specSchema
    .safeParse({ baseImage: "debian:bookworm", ...parts })
    .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

describe("packages", () => {
  it.each([
    [
      "apt",
      ["jq", "jq=1.6*", "g++", "libstdc++6:amd64", "python3.11", "hello=2.10-3+b1", "tzdata=2024a~1:2"],
    ],
    ["npm", ["typescript", "@scope/name", "@scope/name@1.2.3", "left-pad@^1.2", "next@latest", "a@1.x"]],
    ["pip", ["requests", "requests==2.32.3", "uvicorn[standard]~=0.30", "ruamel.yaml", "a[b,c]==1.*"]],
  ])("%s takes its own grammar", (manager, names) => {
    expect(wrong({ packages: { [manager]: names } })).toEqual([]);
  });

  const never = [
    "",
    "-y",
    "--force",
    "a b",
    "a;b",
    "$(id)",
    "`id`",
    "a|b",
    "a&b",
    "a>b",
    "a\nb",
    "'a'",
    '"a"',
    "../a",
    "/a.deb",
  ];
  it.each([
    ["apt", [...never, "vim-", "JQ", "jq/stable", "jq?", "jq*", "jq="]],
    ["npm", [...never, "https://example.com/a.tgz", "git+ssh://a", "Name", "@scope", "a@", "a@-1", "file:a"]],
    ["pip", [...never, "git+https://example.com/a", "a @ https://b", "a>=1", "a==", "a[", "."]],
  ])("%s refuses what isn't a package", (manager, names) => {
    for (const name of names)
      expect(
        wrong({ packages: { [manager]: ["fine", name] } }).map((said) => said.split(":")[0]),
        name,
      ).toEqual([`packages.${manager}.1`]);
  });

  it("refuses one that is there twice, and too many", () => {
    expect(wrong({ packages: { apt: ["jq", "jq"] } })).toEqual([
      "packages.apt.1: This package is in the list twice.",
    ]);
    const many = Array.from({ length: 201 }, (_, index) => `package${index}`);
    expect(wrong({ packages: { pip: many } })).toEqual(["packages.pip: Use at most 200 packages."]);
  });
});

describe("repositories", () => {
  it.each([
    "https://example.com/team/project.git",
    "https://example.com:8443/p",
    "git://10.0.0.1:9418/repository",
    "ssh://git@example.com/team/project",
    "git@example.com:team/project.git",
  ])("takes %s", (url) => {
    expect(wrong({ repositories: [{ url, path: "/src" }] })).toEqual([]);
  });

  it.each(
    [
      "",
      "http://example.com/p",
      "file:///etc",
      "/etc",
      "ext::sh -c id",
      "--upload-pack=id",
      "https://-example.com/p",
      "ssh://-oProxyCommand=id/p",
      "https://example.com/a b",
      "https://user@example.com/p",
      "https://user:word@example.com/p",
      "ssh://git:word@example.com/p",
      "https://example.com/p;id",
    ].filter((url) => url !== "git@example.com:-x"),
  )("refuses %j", (url) => {
    expect(wrong({ repositories: [{ url, path: "/src" }] })[0]).toMatch(/^repositories\.0\.url: /);
  });

  it.each(["", "main", "feature/a-b", "v1.2.3", "0123abc", "release+1"])("takes the ref %j", (ref) => {
    expect(wrong({ repositories: [{ url: "https://a.b/c", ref, path: "/src" }] })).toEqual([]);
  });

  it.each(["-b", "a b", "a..b", "a@{1}", "a.lock", "a/", "a;b", "a^", "a:b", "$(id)"])(
    "refuses the ref %j",
    (ref) => {
      expect(wrong({ repositories: [{ url: "https://a.b/c", ref, path: "/src" }] })).toEqual([
        "repositories.0.ref: Write a branch, a tag or a commit.",
      ]);
    },
  );

  it("wants a folder of its own for each", () => {
    const url = "https://a.b/c";
    expect(wrong({ repositories: [{ url, path: "src" }] })[0]).toMatch(/^repositories\.0\.path/);
    expect(wrong({ repositories: [{ url, path: "/" }] })[0]).toMatch(/^repositories\.0\.path/);
    expect(
      wrong({
        repositories: [
          { url, path: "/a" },
          { url, path: "/a" },
        ],
      }),
    ).toEqual(["repositories.1.path: This path is in the list twice."]);
  });
});

it("a spec from before there were any still reads", () => {
  expect(specSchema.parse({ baseImage: "a" })).toMatchObject({
    packages: { apt: [], npm: [], pip: [] },
    repositories: [],
  });
});

it("needs the network for what comes over it", () => {
  expect(wrong({ network: "none", packages: { apt: ["jq"] } })).toEqual([
    "network: Packages and repositories come over the network: use “bridge”, or leave them out.",
  ]);
  expect(wrong({ network: "none" })).toEqual([]);
});
