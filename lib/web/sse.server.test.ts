import { describe, expect, it, vi } from "vitest";
import type { Actor } from "@/lib/users/roles";
import { encodeFrame, eventStream, type SseFrame } from "./sse.server";

let actors = 0;
function newActor(): Actor {
  actors += 1;
  return { kind: "user", id: null, name: `reader ${actors}`, role: "viewer" };
}

/** A source that notes when it is let go of. It has always more, whatever its signal says. */
function endless(): {
  frames: (signal: AbortSignal) => AsyncGenerator<SseFrame, void, void>;
  isOver: () => boolean;
} {
  let over = false;
  return {
    isOver: () => over,
    async *frames() {
      try {
        for (let n = 1; ; n += 1) yield { event: "n", id: n, data: n };
      } finally {
        over = true;
      }
    },
  };
}

const requestWith = (signal: AbortSignal) => new Request("http://kiln.test/", { signal });
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe("a frame", () => {
  it.each<[SseFrame, string]>([
    [{ event: "end", data: {} }, "event: end\ndata: {}\n\n"],
    [
      { event: "log", id: 7, data: { text: "a\nb\r\u2028" } },
      'id: 7\nevent: log\ndata: {"text":"a\\nb\\r\u2028"}\n\n',
    ],
    [{ event: "n", id: 0, data: null }, "id: 0\nevent: n\ndata: null\n\n"],
  ])("%j", (frame, text) => {
    expect(encodeFrame(frame)).toBe(text);
  });
});

describe("a stream", () => {
  it("begins with how soon to come back", async () => {
    const response = eventStream(requestWith(new AbortController().signal), newActor(), endless().frames);
    const reader = response.body?.getReader();
    expect(textOf((await reader?.read())?.value)).toBe("retry: 1000\n\n");
    expect(textOf((await reader?.read())?.value)).toBe("id: 1\nevent: n\ndata: 1\n\n");
    await reader?.cancel();
  });

  it("pulls: a reader that doesn't read costs at most a frame or two", async () => {
    let made = 0;
    async function* frames(): AsyncGenerator<SseFrame, void, void> {
      for (;;) {
        made += 1;
        yield { event: "n", data: made };
      }
    }
    const response = eventStream(requestWith(new AbortController().signal), newActor(), frames);
    for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(made).toBeLessThanOrEqual(2);
    await response.body?.cancel();
  });

  it.each(["cancelled by its reader", "aborted by its request"])(
    "lets go of its source when it is %s",
    async (how) => {
      const leave = new AbortController();
      const source = endless();
      const response = eventStream(requestWith(leave.signal), newActor(), source.frames);
      const reader = response.body?.getReader();
      await reader?.read();
      await reader?.read();
      if (how === "cancelled by its reader") await reader?.cancel();
      else {
        leave.abort();
        for (let result = await reader?.read(); result && !result.done; result = await reader?.read());
      }
      await vi.waitFor(() => expect(source.isOver()).toBe(true));
    },
  );

  it("breaks for its reader when its source does, and is no longer counted", async () => {
    const actor = newActor();
    async function* broken(): AsyncGenerator<SseFrame, void, void> {
      yield { event: "n", data: 1 };
      throw new Error("the database is away");
    }
    for (let i = 0; i < 45; i += 1) {
      const response = eventStream(requestWith(new AbortController().signal), actor, broken);
      await expect(response.text()).rejects.toThrow("the database is away");
    }
  });

  it("that ended before its source broke is not broken by it, nor is the process", async () => {
    const leave = new AbortController();
    async function* late(signal: AbortSignal): AsyncGenerator<SseFrame, void, void> {
      yield { event: "n", data: 1 };
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (signal.aborted) throw new Error("the database is away");
    }
    const response = eventStream(requestWith(leave.signal), newActor(), late);
    const reader = response.body?.getReader();
    await reader?.read();
    leave.abort();
    for (let result = await reader?.read(); result && !result.done; result = await reader?.read());
    // An unhandled rejection fails the run.
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
  });

  it("ends with its source", async () => {
    async function* two(): AsyncGenerator<SseFrame, void, void> {
      yield { event: "n", data: 1 };
      yield { event: "end", data: {} };
    }
    const response = eventStream(requestWith(new AbortController().signal), newActor(), two);
    expect(await response.text()).toBe("retry: 1000\n\nevent: n\ndata: 1\n\nevent: end\ndata: {}\n\n");
  });

  it("whose request has gone already ends at once", async () => {
    const source = endless();
    const reader = eventStream(requestWith(AbortSignal.abort()), newActor(), source.frames).body?.getReader();
    expect(textOf((await reader?.read())?.value)).toBe("retry: 1000\n\n");
    expect((await reader?.read())?.done).toBe(true);
    await vi.waitFor(() => expect(source.isOver()).toBe(true));
  });
});
