/** Whether a browser's request comes from Kiln's own pages. */

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * A browser says which page a WebSocket is opened by, and opens it for any; a program says nothing.
 * @param own the address that people use, where it is known
 */
export function isOwnOrigin(headers: Headers, own: string | undefined): boolean {
  const { origin, host, "x-forwarded-host": forwarded } = headers;
  if (origin === undefined) return true;
  if (typeof origin !== "string" || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (own !== undefined && URL.canParse(own) && from.origin === new URL(own).origin) return true;
  return from.host === (forwarded ?? host);
}
