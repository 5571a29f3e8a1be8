/** What a benchmark has to take away again, whatever happens to it: newest first. */
export class Cleanup {
  private readonly undo: Array<{ what: string; run: () => Promise<unknown> }> = [];

  later(what: string, run: () => Promise<unknown>): void {
    this.undo.push({ what, run });
  }

  /** Does all of it; answers what could not be taken away. */
  async run(): Promise<string[]> {
    const left: string[] = [];
    for (let next = this.undo.pop(); next; next = this.undo.pop())
      try {
        await next.run();
      } catch (error) {
        left.push(`${next.what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    return left;
  }
}
