import { beforeEach, describe, expect, it } from "vitest";
import { LogStore } from "@/components/logs/log-store";
import { ManualClock } from "@/lib/testing/manual-clock";
import { LiveConnection, type Stream } from "./connection";

const id = "019ab000-0000-7000-8000-000000000001";
const other = "019ab000-0000-7000-8000-000000000002";
const at = "2026-11-23T12:00:00.000Z";

class FakeStream extends EventTarget implements Stream {
  closed = false;
  constructor(readonly url: string) {
    super();
  }
  close() {
    this.closed = true;
  }
  say(type: string, data?: unknown, lastEventId = "") {
    const event =
      data === undefined
        ? new Event(type)
        : new MessageEvent(type, { data: JSON.stringify(data), lastEventId });
    this.dispatchEvent(event);
  }
  log(seq: number) {
    this.say(
      "log",
      {
        attempt: 1,
        firstLine: seq,
        lines: [{ line: seq, step: "setup", stream: "stdout", at, text: `${seq}` }],
      },
      `${seq}`,
    );
  }
}

const sections = [{ attempt: 1, step: "setup", from: 1, to: 4 }];
const makeStore = () =>
  new LogStore({ schedule: (notify) => notify(), load: async () => [], onError: () => undefined });

function setUp() {
  const streams: FakeStream[] = [];
  const heard: string[] = [];
  const connection = new LiveConnection(
    {
      connect: (url) => {
        const stream = new FakeStream(url);
        streams.push(stream);
        return stream;
      },
      onChange: (change) => heard.push(`change ${change.kind}`),
      onStatus: (snapshot) => heard.push(`status ${snapshot.status}`),
      onGap: async (_id, gapped) => {
        heard.push("gap");
        gapped.open({ seq: 4, lines: 4, sections, marks: [], complete: false, cut: null });
      },
      onOpen: () => heard.push("open"),
      onUnreadable: () => heard.push("unreadable"),
    },
    clock,
  );
  const store = makeStore();
  return { connection, streams, heard, store, urls: () => streams.map((stream) => stream.url) };
}
const textOf = (store: LogStore) =>
  Array.from({ length: store.view().count }, (_, index) => store.view().lineAt(index + 1)?.text ?? "-").join(
    " ",
  );

let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
});

describe("LiveConnection", () => {
  it("makes one connection for a page that follows a log from the start", async () => {
    const { connection, urls, store } = setUp();
    // A child's effect runs before its provider's.
    connection.follow(id, store);
    connection.start();
    await clock.advance(1);
    expect(urls()).toEqual([`/api/events?log=${id}`]);
  });

  it("passes on changes and tells of each opening", async () => {
    const { connection, streams, heard } = setUp();
    connection.start();
    await clock.advance(1);
    streams[0]?.say("open");
    streams[0]?.say("change", { kind: "snapshot", id });
    streams[0]?.say("change", { kind: "nonsense", id });
    expect(heard).toEqual(["open", "change snapshot", "unreadable"]);
    expect(connection.connected()).toBe(true);
  });

  it("resumes a log after its cursor, and takes nothing from a connection that was closed", async () => {
    const { connection, streams, urls, store } = setUp();
    connection.start();
    connection.follow(id, store);
    await clock.advance(1);
    for (const seq of [1, 2]) streams[0]?.log(seq);
    streams[0]?.say("error");
    expect(connection.connected()).toBe(false);
    streams[0]?.log(3);
    await clock.advance(400);
    expect(urls().at(-1)).toBe(`/api/events?log=${id}&after=2`);
    for (const seq of [2, 3]) streams[1]?.log(seq);
    expect(textOf(store)).toBe("1 2 3");
  });

  it("asks for the outline at a gap, and goes on from there", async () => {
    const { connection, streams, urls, store, heard } = setUp();
    connection.start();
    connection.follow(id, store);
    await clock.advance(1);
    streams[0]?.log(1);
    streams[0]?.log(5);
    expect(streams[0]?.closed).toBe(true);
    await clock.advance(1_000);
    expect(heard).toEqual(["gap"]);
    expect(urls()).toEqual([`/api/events?log=${id}`, `/api/events?log=${id}&after=4`]);
    streams[1]?.log(5);
    expect(textOf(store)).toBe("1 - - - 5");
  });

  it("passes on what is cut out and what is being written", async () => {
    const { connection, streams, store } = setUp();
    connection.start();
    connection.follow(id, store);
    await clock.advance(1);
    streams[0]?.log(1);
    streams[0]?.say("tail", { stream: "stdout", step: "setup", text: "10 %" });
    streams[0]?.say("cut", { from: 2, to: 4, bytes: 12 });
    streams[0]?.log(5);
    expect(store.view().tail.map(({ text }) => text)).toEqual(["10 %"]);
    expect([store.view().cut?.to, textOf(store)]).toEqual([4, "1 - - - 5"]);
  });

  it("waits longer between failures, never longer than 20 s, and not at all when nudged", async () => {
    const { connection, streams } = setUp();
    connection.start();
    await clock.advance(1);
    for (let round = 0; round < 12; round += 1) {
      streams.at(-1)?.say("error");
      await clock.advance(20_000);
      expect(streams).toHaveLength(round + 2);
    }
    streams.at(-1)?.say("error");
    connection.nudge();
    await clock.advance(1);
    expect(streams).toHaveLength(14);
  });

  it("changes from one log to another with one connection, and drops the log at its end", async () => {
    const { connection, streams, urls, store } = setUp();
    connection.start();
    const leave = connection.follow(other, makeStore());
    await clock.advance(1);
    leave();
    connection.follow(id, store);
    await clock.advance(1);
    expect(urls()).toEqual([`/api/events?log=${other}`, `/api/events?log=${id}`]);
    expect(streams[0]?.closed).toBe(true);
    streams[1]?.log(1);
    streams[1]?.say("end", {});
    expect(store.view().complete).toBe(true);
    streams[1]?.say("error");
    await clock.advance(1_000);
    expect(urls().at(-1)).toBe("/api/events");
  });

  it("ends with stop", async () => {
    const { connection, streams } = setUp();
    connection.start();
    await clock.advance(1);
    connection.stop();
    await clock.advance(60_000);
    expect(streams).toHaveLength(1);
    expect(streams[0]?.closed).toBe(true);
  });

  it("rests while nobody looks, unless it carries a log, and comes back", async () => {
    const { connection, streams, store, heard } = setUp();
    connection.start();
    await clock.advance(1);
    connection.rest();
    expect(streams[0]?.closed).toBe(true);
    connection.resume();
    await clock.advance(1);
    streams[1]?.say("open");
    expect(heard).toEqual(["open"]);
    connection.follow(id, store);
    await clock.advance(1);
    connection.rest();
    expect(streams[2]?.closed).toBe(false);
  });
});
