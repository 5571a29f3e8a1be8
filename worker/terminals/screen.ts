/** What a terminal shows, kept where its shell is: whoever comes gets it, and goes on from there. */
import { SerializeAddon } from "@xterm/addon-serialize";
import { Terminal } from "@xterm/headless/lib-headless/xterm-headless.mjs";
import type { Size } from "@/lib/terminals/wire";

/** Lines above the screen that can be scrolled back to. */
const SCROLLBACK = 2_000;

export class Screen {
  private readonly terminal: Terminal;
  private readonly serializer = new SerializeAddon();

  /** @param onReply is given what a terminal answers when a program asks it something */
  constructor(
    private shown: Size,
    onReply: (data: Uint8Array) => void,
  ) {
    this.terminal = new Terminal({
      cols: shown.columns,
      rows: shown.rows,
      scrollback: SCROLLBACK,
      allowProposedApi: true,
    });
    this.terminal.loadAddon(this.serializer);
    // Only here: with several browsers that look at it there would be several answers.
    this.terminal.onData((text) => onReply(Buffer.from(text)));
  }

  get size(): Size {
    return this.shown;
  }

  /** Resolves when it shows. */
  write(data: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.terminal.write(data, resolve));
  }

  resize(size: Size): void {
    this.shown = size;
    this.terminal.resize(size.columns, size.rows);
  }

  /** Whatever shows this shows the same, in a terminal of the same size that was reset. */
  asBytes(): Uint8Array {
    return Buffer.from(this.serializer.serialize());
  }

  dispose(): void {
    this.terminal.dispose();
  }
}
