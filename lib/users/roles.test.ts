import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { includesRole, type Role, roles } from "./roles";

describe("includesRole", () => {
  it.each<[Role, Role, boolean]>([
    ["viewer", "viewer", true],
    ["viewer", "operator", false],
    ["viewer", "admin", false],
    ["operator", "viewer", true],
    ["operator", "operator", true],
    ["operator", "admin", false],
    ["admin", "viewer", true],
    ["admin", "operator", true],
    ["admin", "admin", true],
  ])("a %s may do what needs %s: %s", (role, needed, may) => {
    expect(includesRole(role, needed)).toBe(may);
  });

  it("orders the roles", () => {
    const role = fc.constantFrom(...roles);
    fc.assert(fc.property(role, role, (a, b) => (includesRole(a, b) && includesRole(b, a)) === (a === b)));
    fc.assert(
      fc.property(
        role,
        role,
        role,
        (a, b, c) => !(includesRole(a, b) && includesRole(b, c)) || includesRole(a, c),
      ),
    );
  });
});
