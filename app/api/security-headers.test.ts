/** What comes without the security headers: what brings its own, and what is no page. */
import { unstable_doesMiddlewareMatch as passesBy } from "next/experimental/testing/server";
import { expect, it } from "vitest";
import { config } from "@/proxy";

const id = "0193a1b2-0000-7000-8000-0123456789ab";
it.each([
  ["/", true],
  ["/sessions", true],
  ["/api/v1/sessions", true],
  // Nothing is there, so the dashboard's frame says so: with its menus, and its way on to all other pages.
  ["/iconography", true],
  ["/icon.svg/x", true],
  ["/favicon.icon", true],
  ["/_next/imagery", true],
  ["/_next/statics", true],
  [`/api/v1/sessions/${id}/filesystem`, true],
  [`/api/v1/sessions/${id}/files/x`, true],
  ["/icon.svg", false],
  ["/favicon.ico", false],
  ["/_next/static/chunks/a.js", false],
  ["/_next/image?url=x", false],
  [`/api/v1/sessions/${id}/files?path=/a`, false],
])("%s: %s", (url, has) => expect(passesBy({ config, url, nextConfig: {} })).toBe(has));
