let last = 0;

/** Counts through the process, so that what factories make has names of its own. */
export function nextNumber(): number {
  last += 1;
  return last;
}
