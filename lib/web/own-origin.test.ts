import { describe, expect, it } from "vitest";
import { isOwnOrigin } from "./own-origin";

describe("a WebSocket's origin", () => {
  it.each([
    [{ host: "kiln.test" }, true],
    [{ host: "kiln.test", origin: "https://kiln.test" }, true],
    [{ host: "10.0.0.1:3000", origin: "https://kiln.example" }, true],
    [{ host: "10.0.0.1:3000", "x-forwarded-host": "kiln.test", origin: "https://kiln.test" }, true],
    [{ host: "kiln.test", origin: "https://evil.test" }, false],
    [{ host: "kiln.test", origin: "https://kiln.test.evil.test" }, false],
    [{ host: "kiln.test", origin: "https://kiln.test:8443" }, false],
    [{ host: "kiln.test", origin: "null" }, false],
    [{ host: "kiln.test", origin: "" }, false],
    [{ origin: "http://kiln.example" }, false],
  ])("%j", (headers, own) => {
    expect(isOwnOrigin(headers, "https://kiln.example")).toBe(own);
  });
});
