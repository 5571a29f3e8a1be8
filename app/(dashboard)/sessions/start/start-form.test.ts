import { expect, it } from "vitest";
import { emptyForm, isNamedTwice, toInput, tooLong, variableErrors } from "./start-form";

const named = (...variables: Array<[string, string]>) => ({
  ...emptyForm(),
  variables: variables.map(([key, value]) => ({ id: `row ${key}=${value}`, key, value })),
});
const wrongName = "Use letters, digits and _, not starting with a digit.";

it("leaves rows out that are empty, and tells of one that has a value and no name", () => {
  const form = named(["", ""], ["A", ""], ["", "y"]);
  expect(toInput("p", form).env).toEqual({ A: "", "": "y" });
  expect(variableErrors(form, (path) => (path === "env." ? wrongName : undefined))).toEqual({
    "row A=": undefined,
    "row =y": wrongName,
  });
});

it("tells of a name that is there twice before anything is sent", () => {
  expect(isNamedTwice(named(["A", "x"], ["B", "x"], ["", ""], ["", ""]))).toBe(false);
  const form = named(["A", "x"], ["A", "y"]);
  expect(isNamedTwice(form)).toBe(true);
  expect(variableErrors(form, () => undefined)["row A=y"]).toBe("This name is in the list twice.");
});

it("tells of hours that are beyond its profile's, and leaves what is no number to the server", () => {
  const typed = (hours: string) => tooLong({ ...emptyForm(), hours }, 48);
  expect(["", "48", " 2 ", "two"].map(typed)).toEqual(Array(4).fill(undefined));
  expect(typed("9999")).toBe("Its profile lets a session live for 48 h at most.");
});
