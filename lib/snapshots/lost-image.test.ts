import { describe, expect, it } from "vitest";
import { type Aftermath, lossReason, lossSentence, successorOf } from "./lost-image";

describe("successorOf", () => {
  it.each([
    [14, [12, 9], 12],
    [14, [9, 12, 15], 12],
    [14, [17, 15], 15],
    [14, [], null],
  ])("#%i, with %j left: %s", (lost, left, serves) => {
    const ready = left.map((number) => ({ number }));
    expect(successorOf(lost, ready)?.number ?? null).toBe(serves);
    expect(ready.map(({ number }) => number)).toEqual(left);
  });
});

describe("the words", () => {
  it.each<[Aftermath | null, string]>([
    [null, ""],
    [{ kind: "serves", number: 12 }, " #12 serves again."],
    [{ kind: "queued", number: 15, joined: false }, " A new snapshot, #15, was queued."],
    [{ kind: "queued", number: 15, joined: true }, " A new snapshot, #15, is being prepared already."],
    [{ kind: "archived" }, " Bring the profile back and refresh it to prepare a new one."],
  ])("after %j", (after, words) => {
    expect(lossSentence("berlin", after)).toBe(`Image lost: it was deleted from berlin.${words}`);
  });

  it("name the snapshot and the host as a reason", () => {
    expect(lossReason(14, "berlin")).toBe("the image of #14 is gone from berlin");
  });
});
