import { expect, it } from "vitest";
import { parseDotEnv } from "./dot-env";

it.each([
  ["NODE_ENV", []],
  ["just some words", []],
  ["A=1", ["A=1"]],
  ["# a comment\nA=1\n\nexport B = 2", ["A=1"]],
  ["export B=two words \nC=", ["B=two words", "C="]],
  ["D=\"quoted = yes\"\nE='single'\nF='open", ["D=quoted = yes", "E=single", "F='open"]],
])("%j", (text, variables) => {
  expect(parseDotEnv(text).map(({ key, value }) => `${key}=${value}`)).toEqual(variables);
});
