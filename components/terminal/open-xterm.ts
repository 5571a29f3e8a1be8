/** Makes the emulator as Kiln wants it: quiet, safe, and with the page's look. */
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import { onThemeChange, readTheme } from "./terminal-theme";

export interface Emulator {
  terminal: Terminal;
  search: SearchAddon;
  /** Fills the place that it has. */
  fill(): void;
  dispose(): void;
}

export interface Keys {
  onSearch(): void;
  /** The way out of the terminal by keyboard. */
  onLeave(): void;
}

/** Only pages: a program can print any address. */
function openLink(_event: MouseEvent, address: string): void {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol))
    window.open(address, "_blank", "noopener,noreferrer");
}

export function openXterm(place: HTMLElement, keys: Keys, screenReaderMode: boolean): Emulator {
  const terminal = new Terminal({
    allowProposedApi: true,
    cursorBlink: false,
    fontFamily: getComputedStyle(place).fontFamily,
    fontSize: 12,
    lineHeight: 1.3,
    // What programs choose has to be legible in both themes.
    minimumContrastRatio: 4.5,
    scrollback: 2_000,
    screenReaderMode,
    linkHandler: { activate: openLink },
    theme: readTheme(),
  });
  const fitting = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fitting);
  terminal.loadAddon(search);
  terminal.loadAddon(new WebLinksAddon(openLink));
  beSilent(terminal);
  terminal.attachCustomKeyEventHandler((event) => takeKey(event, terminal, keys));
  terminal.open(place);
  const fill = () => {
    // Where it isn't shown it has no size.
    if (place.clientWidth > 0 && place.clientHeight > 0) fitting.fit();
  };
  fill();
  const stopTheme = onThemeChange(() => {
    terminal.options.theme = readTheme();
  });
  const observer = new ResizeObserver(fill);
  observer.observe(place);
  return {
    terminal,
    search,
    fill,
    dispose: () => {
      observer.disconnect();
      stopTheme();
      terminal.dispose();
    },
  };
}

/** What programs ask a terminal is answered by the worker, once for all that look at it; here nothing is. */
function beSilent({ parser }: Terminal): void {
  const taken = () => true;
  for (const prefix of [undefined, "?", ">", "="] as const)
    for (const final of ["c", "n"])
      parser.registerCsiHandler({ ...(prefix ? { prefix } : {}), final }, taken);
  for (const prefix of [undefined, "?"] as const)
    parser.registerCsiHandler({ ...(prefix ? { prefix } : {}), intermediates: "$", final: "p" }, taken);
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, taken);
  parser.registerDcsHandler({ intermediates: "+", final: "q" }, taken);
  // The clipboard is the person's; nor are colours told.
  parser.registerOscHandler(52, taken);
  for (const code of [4, 10, 11, 12]) parser.registerOscHandler(code, (data) => data.includes("?"));
}

/** @returns whether the key is the shell's. */
function takeKey(event: KeyboardEvent, terminal: Terminal, { onSearch, onLeave }: Keys): boolean {
  const held = (event.ctrlKey || event.metaKey) && event.shiftKey && !event.altKey;
  if (!held) return true;
  const key = event.key.toLowerCase();
  // The browser's own: it pastes as text.
  if (key === "v") return false;
  if (key !== "f" && key !== "c" && key !== "l") return true;
  event.preventDefault();
  event.stopPropagation();
  if (event.type !== "keydown") return false;
  if (key === "f") onSearch();
  else if (key === "l") onLeave();
  else if (terminal.hasSelection())
    // Without the permission there is the menu of the browser.
    navigator.clipboard.writeText(terminal.getSelection()).catch(() => terminal.focus());
  return false;
}
