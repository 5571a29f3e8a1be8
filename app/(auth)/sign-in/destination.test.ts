import { expect, it } from "vitest";
import { destinationOf } from "./destination";

it.each([
  [undefined, "/profiles"],
  ["", "/profiles"],
  ["/", "/profiles"],
  ["/sign-in?x=1", "/profiles"],
  ["/snapshots/1?tab=log", "/snapshots/1?tab=log"],
  ["//evil.example/x", "/profiles"],
  ["/\\evil.example", "/profiles"],
  ["javascript:alert(1)", "/profiles"],
  ["https://evil.example/profiles/a", "/profiles/a"],
  ["http://localhost:3000/sessions", "/sessions"],
])("destinationOf(%j) is %s", (callbackUrl, path) => {
  expect(destinationOf(callbackUrl)).toBe(path);
});
