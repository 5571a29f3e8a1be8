/**
 * A run's style as CSS. The sixteen are the theme's and legible by themselves. A colour that the build chose
 * freely keeps its hue and gets a lightness that can be read in the theme at hand. On a background of its
 * own, text is dark or light, whichever can be read: legible before faithful.
 */
import type { CSSProperties } from "react";
import type { Color, Style } from "@/lib/logs/sgr";

const literal = (color: { red: number; green: number; blue: number }) =>
  `rgb(${color.red} ${color.green} ${color.blue})`;

function inkOf(color: Color): string {
  // Black on black in the dark theme: the theme's dark gray instead.
  if (color.kind === "palette")
    return color.index === 0 ? "light-dark(var(--ansi-0), var(--ansi-8))" : `var(--ansi-${color.index})`;
  const from = `oklch(from ${literal(color)}`;
  return `light-dark(${from} min(l, 0.48) min(c, 0.2) h), ${from} max(l, 0.72) min(c, 0.2) h))`;
}

/** WCAG's relative luminance, 0 to 1. */
export function luminance({ red, green, blue }: { red: number; green: number; blue: number }): number {
  const linear = (value: number) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function groundOf(color: Color): { backgroundColor: string; color: string } {
  if (color.kind === "rgb") {
    // At 0.179 black and white have the same contrast to it, 4.6.
    return {
      backgroundColor: literal(color),
      color: luminance(color) > 0.179 ? "oklch(0 0 0)" : "oklch(1 0 0)",
    };
  }
  if (color.index === 0 || color.index === 8)
    return { backgroundColor: "var(--selected)", color: "var(--ink)" };
  return { backgroundColor: `var(--ansi-${color.index})`, color: "var(--on-ink)" };
}

function colorsOf({ foreground, background, faint, inverse }: Style): CSSProperties {
  const ground = inverse ? foreground : background;
  if (ground) return groundOf(ground);
  if (inverse) return { backgroundColor: "var(--ink)", color: "var(--on-ink)" };
  if (foreground) return { color: inkOf(foreground) };
  return faint ? { color: "var(--muted)" } : {};
}

export function cssOf(style: Style): CSSProperties {
  const lines = [style.underline && "underline", style.strike && "line-through"].filter(Boolean).join(" ");
  return {
    ...colorsOf(style),
    ...(style.bold ? { fontWeight: 600 } : {}),
    ...(style.italic ? { fontStyle: "italic" } : {}),
    ...(lines ? { textDecorationLine: lines } : {}),
  };
}
