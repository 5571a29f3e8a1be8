/** An output that is read again from its beginning: what the log has of it is passed by. */
import type { Lines } from "@/lib/logs/line-maker";
import type { Replay } from "@/lib/snapshots/progress.server";

const LF = 10;

/** The beginning of an output that is read again isn't what was stored: the engine has dropped it meanwhile. */
export class OutputLost extends Error {
  override readonly name = "OutputLost";
}

export class KnownOutput {
  private readonly left: Replay;

  constructor(stored: Replay) {
    this.left = { stdout: { ...stored.stdout }, stderr: { ...stored.stderr } };
  }

  /**
   * Lines are made from bytes in one way only, so counting them is exact.
   * @returns what is new. @throws OutputLost
   */
  pass(stream: "stdout" | "stderr", { count, bytes }: Lines): Lines {
    const known = this.left[stream];
    if (known.lines === 0 || count === 0) return { count, bytes };
    if (known.first !== null && known.first !== firstLine(bytes))
      throw new OutputLost("the engine has dropped the beginning of this output");
    known.first = null;
    const passed = Math.min(known.lines, count);
    known.lines -= passed;
    let from = 0;
    for (let left = passed; left > 0; left -= 1) from = bytes.indexOf(LF, from) + 1;
    return { count: count - passed, bytes: bytes.subarray(from) };
  }
}

const firstLine = (bytes: Uint8Array) =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, bytes.indexOf(LF)));
