/** The setup script's time limit: its sections use it up together, and only while they run. */
export class SetupTime {
  private usedMs = 0;

  constructor(private readonly limitSeconds: number) {}

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
