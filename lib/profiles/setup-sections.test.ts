import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { programsOf, splitSections } from "./setup-sections";

const titles = (script: string) => splitSections(script).map(({ title }) => title);

describe("splitSections", () => {
  it.each([
    ["", [null]],
    ["echo one\n", [null]],
    ["## step: A\necho\n## step: B\n", ["A", "B"]],
    ["echo first\n## step: A\n", [null, "A"]],
    ["#!/bin/bash\n# about\n\n## step: A\necho\n", ["A"]],
    ["## step:  spaces around \t\n", ["spaces around"]],
    ["## step: A\r\necho\r\n## step: B\r\n", ["A", "B"]],
    // These are no marks.
    ["  ## step: A\n", [null]],
    ["## step:\necho\n", [null]],
    ["## step:   \necho\n", [null]],
    ["# step: A\n", [null]],
    ["echo '## step: A'\n", [null]],
  ])("%j has %j", (script, expected) => {
    expect(titles(script)).toEqual(expected);
  });

  it("loses nothing and adds nothing, whatever the script is", () => {
    const line = fc.oneof(
      fc.constantFrom(
        "## step: A",
        "## step: B ",
        "## step:",
        "#!/bin/sh",
        "# words",
        "",
        "echo x",
        " ## step: C",
      ),
      fc.string(),
    );
    const script = fc
      .tuple(fc.array(line), fc.constantFrom("\n", "\r\n"))
      .map(([lines, end]) => lines.join(end));
    fc.assert(
      fc.property(script, (text) => {
        const sections = splitSections(text);
        expect(sections.map((section) => section.text).join("")).toBe(text);
        expect(sections.length).toBeGreaterThan(0);
      }),
    );
  });
});

it("a #! line holds for every section", () => {
  expect(programsOf("#!/bin/bash\n## step: A\none\n## step: B\ntwo\n").map(({ text }) => text)).toEqual([
    "#!/bin/bash\n## step: A\none\n",
    "#!/bin/bash\n## step: B\ntwo\n",
  ]);
});
