/** When an engine's disk is too full to build on. */
const GIB = 1024 ** 3;

/** `1.2 GB`, `2 GB`: to one digit, as the floor is counted. */
export function gigabytes(bytes: number): string {
  return `${Number((Math.floor((bytes / GIB) * 10) / 10).toFixed(1))} GB`;
}

/** Why builds wait, or null while there is room, or nobody can say. */
export function diskShortage(host: string, freeBytes: number | null, floorMb: number): string | null {
  const floor = floorMb * 1024 * 1024;
  if (freeBytes === null || freeBytes >= floor) return null;
  return `Waiting: ${gigabytes(freeBytes)} free on ${host}, ${gigabytes(floor)} needed.`;
}
