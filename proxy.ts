/**
 * Security headers, with a fresh nonce for every page. It authorises nothing: pages, actions and route
 * handlers check for themselves who is asking.
 */
import { type NextRequest, NextResponse } from "next/server";

const development = process.env.NODE_ENV === "development";

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    // Next's own scripts carry the nonce and load the rest; the development server evaluates.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // The search of a log has a thread of its own.
    "worker-src 'self' blob:",
    // Libraries position floating layers and the editor themes itself with style elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const csp = policy(nonce);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  // Next reads the nonce from here and puts it on the scripts that it writes.
  headers.set("content-security-policy", csp);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", csp);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "same-origin");
  response.headers.set("cross-origin-opener-policy", "same-origin");
  return response;
}

export const config = {
  // Next keeps 10 MB of a body that passes here and drops the rest: files go by, and bring their headers themselves. Each to its
  // end: what only begins like that is a page that says there is none, in the dashboard's frame, and could be framed itself.
  matcher: [
    {
      source: "/((?!_next/static/|_next/image$|favicon\\.ico$|icon\\.svg$|api/v1/sessions/[^/]+/files$).*)",
    },
  ],
};
