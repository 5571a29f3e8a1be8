const browsers: ReadonlyArray<[RegExp, string]> = [
  [/edg(?:e|a|ios)?\//i, "Edge"],
  [/opr\//i, "Opera"],
  [/firefox|fxios/i, "Firefox"],
  [/chrome|crios|chromium/i, "Chrome"],
  [/safari/i, "Safari"],
  [/curl|wget|node|python/i, "A script"],
];
const systems: ReadonlyArray<[RegExp, string]> = [
  [/iphone|ipad/i, "iOS"],
  [/android/i, "Android"],
  [/windows/i, "Windows"],
  [/mac os/i, "macOS"],
  [/linux/i, "Linux"],
];

/** "Firefox on Linux": a browser's own account of itself, made readable. The order matters: each claims to be the next. */
export function browserOf(userAgent: string): { name: string; mobile: boolean } {
  const find = (table: ReadonlyArray<[RegExp, string]>) =>
    table.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = find(browsers) ?? "A browser";
  const system = find(systems);
  return {
    name: system ? `${browser} on ${system}` : browser,
    mobile: /iphone|android|mobile/i.test(userAgent),
  };
}
