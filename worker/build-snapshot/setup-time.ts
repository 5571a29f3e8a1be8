/** The setup script's time limit: its sections use it up together, and only while they run. */
export class SetupTime {
  private usedMs: number;

  /** @param spentMs what sections have used already, with an earlier worker say. */
  constructor(
    private readonly limitSeconds: number,
    spentMs: readonly number[] = [],
  ) {
    this.usedMs = spentMs.reduce((sum, ms) => sum + ms, 0);
  }

  get leftSeconds(): number {
    return Math.max(0, this.limitSeconds - this.usedMs / 1000);
  }

  async spend<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.usedMs += performance.now() - start;
    }
  }
}
