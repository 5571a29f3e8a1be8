import { describe, expect, it } from "vitest";
import { type Spec, specSchema } from "@/lib/profiles/spec";
import { diffSpecs } from "./spec-diff";

const before = specSchema.parse({
  baseImage: "debian:bookworm",
  setupScript: "one\ntwo\n",
  env: { A: "1", B: "2" },
  files: [{ path: "/a", content: "x\n" }],
});

const labels = (after: Spec) => diffSpecs(before, after).map((change) => change.label);

describe("diffSpecs", () => {
  it("finds nothing between equals", () => {
    expect(diffSpecs(before, specSchema.parse(before))).toEqual([]);
  });

  it("names each changed field", () => {
    const after = specSchema.parse({
      ...before,
      baseImage: "debian:trixie",
      setupScript: "one\nthree\n",
      maintenanceScript: "four\n",
      env: { A: "1", B: "3", C: "4" },
      files: [
        { path: "/a", content: "x\n", mode: "0600" },
        { path: "/b", content: "y\n" },
      ],
      caches: ["/root/.npm"],
      resources: { diskMb: 500 },
      timeouts: { setupSeconds: 60 },
      network: "none",
    });
    expect(labels(after)).toEqual([
      "Base image",
      "Network",
      "Setup script",
      "Maintenance script",
      "Variable B",
      "Variable C",
      "Mode of /a",
      "Mode of /b",
      "File /b",
      "Cache /root/.npm",
      "Disk",
      "Setup time limit",
    ]);
    expect(diffSpecs(before, after)).toContainEqual({
      kind: "value",
      label: "Setup time limit",
      before: "30m",
      after: "1m",
    });
    expect(diffSpecs(before, after)).toContainEqual({
      kind: "value",
      label: "Variable C",
      before: null,
      after: "4",
    });
  });

  it("tells a variable that was removed from one that is empty", () => {
    expect(diffSpecs(before, specSchema.parse({ ...before, env: { A: "1" } }))).toEqual([
      { kind: "value", label: "Variable B", before: "2", after: null },
    ]);
  });

  it("shows everything of a first version", () => {
    expect(diffSpecs(null, before).map((change) => change.label)).toContain("Base image");
  });
});

it("shows packages line by line and repositories by their path", () => {
  const repository = { url: "https://a.b/c", path: "/src" };
  const was = specSchema.parse({ ...before, packages: { apt: ["jq"] }, repositories: [repository] });
  const is = specSchema.parse({
    ...before,
    packages: { apt: ["jq", "git"] },
    repositories: [{ ...repository, ref: "v1", secret: "GIT" }],
  });
  const changes = diffSpecs(was, is);
  expect(changes.map(({ label }) => label)).toEqual(["apt packages", "Repository /src"]);
  expect(changes[1]).toMatchObject({
    before: "https://a.b/c",
    after: "https://a.b/c at v1, with the secret GIT",
  });
});
