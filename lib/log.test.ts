import { expect, test } from "vitest";
import { withoutClient } from "./log.server";

test("an error is logged without the client that the database's driver hangs on it", () => {
  const lost = Object.assign(new Error("it was lost"), { code: "57P01", client: { connection: {} } });
  expect(JSON.parse(JSON.stringify(withoutClient(lost)))).toEqual({
    type: "Error",
    message: "it was lost",
    stack: expect.stringContaining("log.test.ts"),
    code: "57P01",
  });
});

test("what isn't an error is logged as it is", () => {
  expect(withoutClient("a sentence")).toBe("a sentence");
});
