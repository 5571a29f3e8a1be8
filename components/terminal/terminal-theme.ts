/** The page's colours for a terminal. */
import type { ITheme } from "@xterm/xterm";

const ANSI = [
  ...(["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const),
  ...(["brightBlack", "brightRed", "brightGreen", "brightYellow"] as const),
  ...(["brightBlue", "brightMagenta", "brightCyan", "brightWhite"] as const),
];

/** As they are now, light or dark. */
export function readTheme(): ITheme {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const colour = (token: string) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const theme: ITheme = {
    background: colour("sunken"),
    foreground: colour("ink"),
    cursor: colour("accent-ink"),
    cursorAccent: colour("sunken"),
    selectionBackground: colour("code-selection"),
  };
  for (const [index, name] of ANSI.entries()) theme[name] = colour(`ansi-${index}`);
  probe.remove();
  return theme;
}

/** Calls back when the theme has changed, by the system or by the person. @returns what ends it */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", changed);
  };
}
