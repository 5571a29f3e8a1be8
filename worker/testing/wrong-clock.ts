/** For tests: a process whose clock is wrong. Its timers are right, and so are the database's and the engine's clocks. */

/** What a process's environment needs for that. @param minutes how far it is ahead; less than nothing for behind */
export function clockOff(minutes: number): { NODE_OPTIONS: string } {
  const script = `
    const Right = Date, off = ${minutes * 60_000}, now = () => Right.now() + off;
    const Wrong = new Proxy(Right, {
      construct: (_, given, made) => Reflect.construct(Right, given.length ? given : [now()], made === Wrong ? Right : made),
      apply: () => new Wrong().toString(),
      get: (_, name) => name === "now" ? now : Reflect.get(Right, name),
    });
    Right.prototype.constructor = globalThis.Date = Wrong;`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
}
