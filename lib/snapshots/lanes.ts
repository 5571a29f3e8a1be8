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

export const isMachines = (trigger: Trigger): boolean => machineTriggers.includes(trigger);

/** @param waiting how many of the same profile wait in the machines' lane already */
export function priorityOf(trigger: Trigger, waiting: number): number {
  return isMachines(trigger) ? Math.max(LEAST, -waiting) : PEOPLE;
}
