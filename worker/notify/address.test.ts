import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { isPublic } from "./address";
import { post } from "./post";

test.each([
  ["1.1.1.1", true],
  ["93.184.216.34", true],
  ["2606:4700::1111", true],
  ["127.0.0.1", false],
  ["127.8.8.8", false],
  ["0.0.0.0", false],
  ["10.1.2.3", false],
  ["172.16.0.1", false],
  ["172.32.0.1", true],
  ["192.168.1.1", false],
  ["100.64.0.1", false],
  ["169.254.169.254", false],
  ["224.0.0.1", false],
  ["255.255.255.255", false],
  ["::1", false],
  ["::", false],
  ["fe80::1", false],
  ["fd00::1", false],
  ["::ffff:127.0.0.1", false],
  ["::ffff:10.0.0.1", false],
  ["::ffff:1.1.1.1", true],
  ["64:ff9b::7f00:1", false],
  ["2002:7f00:1::", false],
  ["not an address", false],
])("%s is everybody's: %s", (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});

describe("posting to an address of this machine", () => {
  const message = { headers: {}, body: "{}" };
  const served = async (work: (port: number, seen: () => number) => Promise<void>) => {
    let seen = 0;
    const server = createServer((_, answer) => {
      seen += 1;
      answer.end("taken");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await work(port, () => seen).finally(() => server.close());
  };

  test.each([
    ["by number", "127.0.0.1"],
    ["by name", "localhost"],
    ["written as one number", "2130706433"],
    ["in octal", "0177.0.0.1"],
    ["as IPv6", "[::ffff:127.0.0.1]"],
  ])("is refused, %s", (_name, host) =>
    served(async (port, seen) => {
      await expect(post(`http://${host}:${port}/`, { ...message, allowPrivate: false })).rejects.toThrow(
        /address of this machine/,
      );
      expect(seen()).toBe(0);
    }),
  );

  test("is done where that was allowed", () =>
    served(async (port, seen) => {
      const answer = await post(`http://localhost:${port}/`, { ...message, allowPrivate: true });
      expect(answer).toEqual({ status: 200, body: "taken" });
      expect(seen()).toBe(1);
    }));
});

test("a receiver that hangs is given up at the deadline, before its answer and within it", async () => {
  for (const begins of [false, true]) {
    const server = createServer((_, answer) => {
      if (begins) answer.write("wait");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const posted = post(`http://127.0.0.1:${port}/`, {
      ...{ headers: {}, body: "{}", allowPrivate: true, deadlineMs: 150 },
    });
    await expect(posted).rejects.toThrow("It didn’t answer within 0.15 s.");
    server.closeAllConnections();
    server.close();
  }
});
