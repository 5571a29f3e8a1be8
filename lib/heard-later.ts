/** A promise whose failure is heard where it is awaited later, and isn't nobody's until then. @returns the same one */
export function heardLater<Work extends Promise<unknown>>(work: Work): Work {
  // Node ends a process for a failure that nobody has asked about yet.
  void Promise.allSettled([work]);
  return work;
}
