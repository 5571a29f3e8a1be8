import { describe, expect, it } from "vitest";
import { specSchema } from "@/lib/profiles/spec";
import { planSteps } from "@/lib/snapshots/steps";
import { planPrograms } from "./programs";

const spec = (parts: object) => specSchema.parse({ baseImage: "a", user: "dev", ...parts });
const full = spec({
  packages: { pip: ["requests"], apt: ["jq", "git"] },
  repositories: [{ url: "https://a.b/c", path: "/src" }],
  setupScript: "one\n## step: Two\ntwo\n",
});

describe("planPrograms", () => {
  it("runs packages as root, everything else as the user, in the order of the steps", () => {
    expect(planPrograms(full).map(({ step, user }) => `${step} ${user}`)).toEqual([
      "packages:apt root",
      "packages:pip root",
      "repositories dev",
      "setup:1 dev",
      "setup:2 dev",
    ]);
  });

  it.each([full, spec({}), spec({ setupScript: "x" }), spec({ packages: { npm: ["a"] } })])(
    "has a row for each program, and no two of a name (%#)",
    (one) => {
      const rows = planSteps(one).map(({ name }) => name);
      expect(new Set(rows).size).toBe(rows.length);
      const programs = planPrograms(one).map(({ step }) => step);
      expect(rows.filter((name) => programs.includes(name))).toEqual(programs);
    },
  );

  it("hands packages over as arguments behind the program", () => {
    expect(planPrograms(full)[0]?.command.slice(3)).toEqual(["kiln", "jq", "git"]);
  });

  it("gives a secret only to the programs that name it", () => {
    const repositories = [{ url: "https://a.b/c", path: "/src", secret: "GIT" }];
    const programs = planPrograms(
      spec({ repositories, secrets: ["NPM"], setupScript: "x", packages: { apt: ["jq"] } }),
    );
    expect(programs.map(({ step, secrets, script }) => [step, secrets, script !== null])).toEqual([
      ["packages:apt", [], false],
      ["repositories", ["GIT"], true],
      ["setup", ["NPM"], true],
    ]);
    expect(planPrograms(full).find(({ step }) => step === "repositories")?.script).toBeNull();
  });

  it("has one program for a plain script, and for none", () => {
    expect(planPrograms(spec({ setupScript: "x" })).map(({ step }) => step)).toEqual(["setup"]);
    expect(planPrograms(spec({})).map(({ step }) => step)).toEqual(["setup"]);
    expect(planPrograms(spec({ packages: { apt: ["jq"] } })).map(({ step }) => step)).toEqual([
      "packages:apt",
    ]);
  });
});
