/** People before machines: what a person waits for overtakes what nobody does. */
import type { Trigger } from "./wire";

/** What the queue hands out first has the higher number. */
export const PEOPLE = 100;
/** What somebody put before all others. */
export const NEXT = 1_000;
/** A profile that has many waiting already comes after those that have few. */
const LEAST = -100;

export const machineTriggers: Trigger[] = [
  "schedule",
  "hook",
  "base_changed",
  "repository_changed",
  "secret_rotated",
  "age",
];

export type Lane = "people" | "machines";

/** Where a snapshot waits, unless whoever asks says otherwise. */
export const laneOf = (trigger: Trigger): Lane => (machineTriggers.includes(trigger) ? "machines" : "people");

/** @param waiting how many of the same profile wait in the machines' lane already */
export function priorityOf(lane: Lane, waiting: number): number {
  return lane === "machines" ? Math.max(LEAST, -waiting) : PEOPLE;
}
