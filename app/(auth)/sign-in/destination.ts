/** Where to go after signing in: only a path of ours, never an address that a link smuggled in. */
export function destinationOf(callbackUrl: string | undefined): string {
  if (!callbackUrl) return "/profiles";
  const here = new URL("http://kiln.invalid");
  const url = URL.parse(callbackUrl, here);
  if (!url || (url.origin !== here.origin && !callbackUrl.startsWith("http"))) return "/profiles";
  const path = `${url.pathname}${url.search}`;
  return path.startsWith("//") || path === "/" || path.startsWith("/sign-in") ? "/profiles" : path;
}
