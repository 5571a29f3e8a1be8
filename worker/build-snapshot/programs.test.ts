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

  it.each([
    full,
    spec({}),
    spec({ caches: ["/c"] }),
    spec({ setupScript: "x" }),
    spec({ packages: { npm: ["a"] } }),
  ])("has a row for each program, and no two of a name (%#)", (one) => {
    const rows = planSteps(one).map(({ name }) => name);
    expect(new Set(rows).size).toBe(rows.length);
    const programs = planPrograms(one).map(({ step }) => step);
    expect(rows.filter((name) => programs.includes(name))).toEqual(programs);
  });

  it("runs the maintenance script upon a snapshot, and names it so, unless it is empty", () => {
    const maintained = spec({
      setupScript: "x",
      maintenanceScript: "y\n## step: Two\nz\n",
      packages: { apt: ["jq"] },
    });
    expect(planPrograms(maintained, true).map(({ what }) => what)).toEqual([
      "The maintenance script",
      "Maintenance step “Two”",
    ]);
    expect(planPrograms(maintained, true).map(({ timed }) => timed)).toEqual([
      "The maintenance script",
      "The maintenance script",
    ]);
    expect(planSteps(maintained, true).slice(2, 4)).toEqual([
      { name: "setup:1", title: "Maintenance script, part 1" },
      { name: "setup:2", title: "Two" },
    ]);
    expect(planSteps(spec({ maintenanceScript: "y" }), true)[2]?.title).toBe("Maintenance script");
    const plain = spec({ setupScript: "x", packages: { apt: ["jq"] } });
    expect(planPrograms(plain, true).map(({ what }) => what)).toEqual(["The setup script"]);
    expect(planSteps(plain, true)[2]).toEqual({ name: "setup", title: null });
  });

  it("makes folders for caches first, as root and without the caches, where the user isn't root", () => {
    const caches = ["/home/dev/.cache/pip", "/c"];
    const [first, ...others] = planPrograms(spec({ caches, setupScript: "x" }));
    expect(first).toMatchObject({ step: "caches", user: "root", mountsCaches: false });
    expect(first?.command.slice(3)).toEqual(["kiln", "dev:", ...caches]);
    expect(others).toMatchObject([{ step: "setup", mountsCaches: true }]);
    const rootless = planPrograms(spec({ caches, user: "1000:1000" }))[0];
    expect(rootless?.command.slice(4)).toEqual(["1000:1000", ...caches]);
    expect(planPrograms(spec({ caches, user: "root" })).map(({ step }) => step)).toEqual(["setup"]);
  });

  it("shows apt another configuration only where a cache is apt's", () => {
    const said = (caches: string[]) => planPrograms(spec({ caches, user: "root" }))[0]?.command.join(" ");
    for (const path of ["/var/cache/apt", "/var/cache/apt/archives", "/var/cache", "/var/lib/apt/lists"])
      expect(said([path])).toContain("APT_CONFIG");
    expect(said(["/root/.npm"])).not.toContain("APT_CONFIG");
  });

  it("hands packages over as arguments behind the program", () => {
    expect(planPrograms(full)[0]?.command.slice(3)).toEqual(["kiln", "jq", "git"]);
  });

  it("gives a secret only to the programs that name it", () => {
    const repositories = [{ url: "https://a.b/c", path: "/src", secret: "GIT" }];
    const programs = planPrograms(
      spec({ repositories, secrets: ["NPM"], setupScript: "x", packages: { apt: ["jq"] } }),
    );
    expect(
      programs.map(({ step, secrets, script, input }) => [step, secrets, script !== null, input !== null]),
    ).toEqual([
      ["packages:apt", [], false, false],
      ["repositories", ["GIT"], true, false],
      ["setup", ["NPM"], true, false],
    ]);
    expect(planPrograms(full).find(({ step }) => step === "repositories")?.script).toBeNull();
  });

  it("hands root its script by standard input, and anybody else as a file", () => {
    const how = (user: string) => planPrograms({ ...spec({ setupScript: "echo x" }), user })[0];
    expect(how("root")).toMatchObject({ input: "6\necho x", script: null });
    expect(how("dev")).toMatchObject({ input: null, script: "echo x" });
  });

  it("has one program for a plain script, and for none", () => {
    expect(planPrograms(spec({ setupScript: "x" })).map(({ step }) => step)).toEqual(["setup"]);
    expect(planPrograms(spec({})).map(({ step }) => step)).toEqual(["setup"]);
    expect(planPrograms(spec({ packages: { apt: ["jq"] } })).map(({ step }) => step)).toEqual([
      "packages:apt",
    ]);
  });
});
