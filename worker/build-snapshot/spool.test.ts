import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Spool } from "./spool";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kiln-spool-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const refusals: unknown[] = [];
const spoolOf = (memoryBytes: number, fileBytes: number, where = folder) =>
  new Spool<{ number: number; data: Uint8Array<ArrayBuffer> }>(where, { memoryBytes, fileBytes }, (error) =>
    refusals.push(error),
  );
const piece = (number: number, bytes: number) => ({ number, data: new Uint8Array(bytes).fill(number) });

it("gives back what was put in, in order, wherever it lay", () => {
  const actions = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant("take" as const)), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(actions, fc.nat(60), (some, memory) => {
      const spool = spoolOf(memory, 1_000);
      const expected: Array<ReturnType<typeof piece>> = [];
      some.forEach((action, index) => {
        if (action !== "take") {
          spool.push(piece(index, action));
          expected.push(piece(index, action));
        } else {
          expect(spool.first()).toEqual(expected[0]);
          expect(spool.first()).toEqual(expected.shift());
          spool.shift();
        }
        expect(spool.length).toBe(expected.length);
      });
      for (const one of expected) {
        expect(spool.first()).toEqual(one);
        spool.shift();
      }
      expect(spool.first()).toBeUndefined();
    }),
  );
});

it("is full when both the memory and the file are, and has room again when it was emptied", () => {
  const spool = spoolOf(10, 100);
  for (let number = 0; number < 10; number += 1) {
    expect(spool.isFull).toBe(false);
    spool.push(piece(number, 12));
  }
  expect(spool.isFull).toBe(true);
  while (spool.first()) spool.shift();
  expect(spool.isFull).toBe(false);
});

it("leaves no file behind, not even while it is in use", () => {
  const spool = spoolOf(0, 100);
  spool.push(piece(1, 50));
  expect(readdirSync(folder)).toEqual([]);
  spool.clear();
  expect(spool.length).toBe(0);
});

it("goes on in memory, and is full there, when it can't have its file", () => {
  const notAFolder = path.join(folder, "file");
  writeFileSync(notAFolder, "");
  chmodSync(notAFolder, 0o400);
  const spool = spoolOf(10, 100, notAFolder);
  spool.push(piece(1, 10));
  spool.push(piece(2, 10));
  expect(refusals).toHaveLength(1);
  expect(spool.isFull).toBe(true);
  expect([spool.first()?.number, spool.shift(), spool.first()?.number]).toEqual([1, undefined, 2]);
  rmSync(notAFolder);
});
