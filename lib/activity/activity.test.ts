import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addLook } from "./load";
import { readActivity } from "./parse";
import type { Activity } from "./wire";

const at = new Date("2026-11-28T00:00:00Z");
const stat = (pid: number, name: string, parent: number, state: string, ticks: number, pages: number) =>
  `${pid} (${name}) ${state} ${parent} 1 1 0 -1 4194560 100 0 0 0 ${ticks} 5 0 0 20 0 1 0 100 5000000 ${pages} 1844`;
const said = `=== uptime
100.5 90.2
=== memory
52428800
=== limit
2147483648
=== cpu
usage_usec 2500000
user_usec 2000000
=== stat
${stat(1, "sleep", 0, "S", 1, 100)}
${stat(7, "my (odd) prog", 1, "R", 195, 900)}
${stat(20, "sh", 0, "S", 0, 50)}
${stat(21, "cat", 20, "R", 0, 40)}
${stat(30, "sh", 0, "S", 0, 50)}
=== cmdline
==> /proc/self/cmdline <==
head\0-c\0
==> /proc/1/cmdline <==
sleep\0infinity\0
==> /proc/7/cmdline <==
prog\0--name\0=== tcp\0
==> /proc/20/cmdline <==
/bin/sh\0-c\0...\0kiln-activity\0
==> /proc/21/cmdline <==

==> /proc/30/cmdline <==
/bin/sh\0-s\0kiln-waits-for-a-command\0
=== tcp
  sl  local_address rem_address   st tx_queue
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   2: 020011AC:A000 0500A8C0:01BB 01 00000000:00000000 00:00000000 00000000     0
   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 0
   1: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A 0:0 0
`;

describe("what runs in a session", () => {
  it("is its processes without those that look, its ports, and its load", () => {
    expect(readActivity(said, at)).toEqual({
      at: "2026-11-28T00:00:00.000Z",
      cpuSeconds: 2.5,
      memoryBytes: 52_428_800,
      memoryLimitBytes: 2_147_483_648,
      processes: [
        {
          pid: 7,
          parent: 1,
          name: "my (odd) prog",
          command: "prog --name === tcp",
          state: "running",
          cpuSeconds: 2,
          memoryBytes: 3_686_400,
        },
        {
          pid: 1,
          parent: 0,
          name: "sleep",
          command: "sleep infinity",
          state: "sleeping",
          cpuSeconds: 0.06,
          memoryBytes: 409_600,
        },
      ],
      ports: [
        { port: 3000, address: "loopback" },
        { port: 5432, address: "loopback" },
        { port: 8080, address: "any" },
      ],
    });
  });

  it("control groups of the first version count in nanoseconds, and have a number for no limit", () => {
    const old = said.replace(/usage_usec[^=]*/, "1500000000\n").replace("2147483648", "9223372036854771712");
    expect(readActivity(old, at)).toMatchObject({ cpuSeconds: 1.5, memoryLimitBytes: null });
  });

  it("whatever an image's tools say instead, something is made of it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...said.split("\n"), "max", "", "=== stat", "garbage ("), { maxLength: 60 }),
        (lines) => {
          const { processes, ports } = readActivity(lines.join("\n"), at);
          expect(processes.every(({ pid }) => Number.isInteger(pid))).toBe(true);
          expect(ports.every(({ port }) => port > 0 && port < 65_536)).toBe(true);
        },
      ),
    );
    expect(readActivity("", at)).toMatchObject({
      cpuSeconds: null,
      memoryBytes: null,
      processes: [],
      ports: [],
    });
  });
});

describe("its short history", () => {
  const look = (second: number, cpuSeconds: number | null): Activity => ({
    ...readActivity(said, new Date(at.getTime() + second * 1000)),
    cpuSeconds,
  });

  it("tells how many cores were busy between two looks", () => {
    const one = addLook([], look(0, 10), null);
    const two = addLook(one, look(4, 16), look(0, 10));
    expect(two.map(({ cores }) => cores)).toEqual([null, 1.5]);
    expect(addLook(two, look(4, 16), look(4, 16))).toEqual(two);
  });

  it("a sandbox that began again, or can't tell, has a gap", () => {
    expect(addLook([], look(4, 1), look(0, 10)).map(({ cores }) => cores)).toEqual([null]);
    expect(addLook([], look(4, null), look(0, 10)).map(({ cores }) => cores)).toEqual([null]);
  });

  it("keeps the last 60", () => {
    let history = addLook([], look(0, 0), null);
    for (let second = 1; second < 100; second += 1)
      history = addLook(history, look(second, second), look(second - 1, second - 1));
    expect(history).toHaveLength(60);
  });
});
