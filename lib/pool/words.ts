/** A pool in words for people. Pure. */
import { formatCount } from "@/lib/format";
import type { PoolWire } from "./wire";

/** `3 of 3 warm`, `1 of 3 warm, 2 starting`. */
export function poolWords({ size, ready, starting }: Pick<PoolWire, "size" | "ready" | "starting">): string {
  const warm = `${ready} of ${size} warm`;
  return starting > 0 ? `${warm}, ${starting} starting` : warm;
}

/** `2 CPUs`, `0.5 CPUs`, `1 CPU`; what is hardly any as less than a hundredth. */
export const cpuWords = (cpus: number): string =>
  cpus > 0 && cpus < 0.01 ? "< 0.01 CPUs" : formatCount(Number(cpus.toFixed(2)), "CPU");
