import { expect, it } from "vitest";
import { missingFrom } from "./lost-images";

const ready = (id: string, imageId: string) => ({ id, versionId: "v", imageId });

it("asks for those that weren't listed, and for no others", () => {
  const [one, two] = [ready("1", "sha256:1"), ready("2", "sha256:2")];
  expect(missingFrom([{ id: "sha256:2" }, { id: "sha256:3" }], [one, two])).toEqual([one]);
  expect(missingFrom([], [one, two])).toEqual([one, two]);
  expect(missingFrom([{ id: "sha256:1" }], [])).toEqual([]);
});
