import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forBrowser, forProgram, passCookie, passesIn } from "./cookies";
import { isUnderDomain, originOf } from "./domain";
import { isFromOwnPages, toBrowser, toGateway, toProgram } from "./headers";
import { isUnder, labelOf, parseHost } from "./name";
import { linkFor, ownPage } from "./pages";

const session = "0193a1b2-0000-7000-8000-0123456789ab";
const other = "0193a1b2-0000-7000-8000-0123456789ac";
const hex = session.replaceAll("-", "");
const host = `8080-${hex}.preview.localhost:3000`;

describe("a preview's host", () => {
  it("names its port and session, whatever they are", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 65_535 }), (id, port) => {
        const name = { session: id, port };
        expect(parseHost(`${labelOf(name)}.preview.example.net`)).toEqual({
          name,
          domain: "preview.example.net",
        });
        expect(labelOf(name).length).toBeLessThan(64);
      }),
    );
  });

  it.each([
    [undefined],
    [""],
    ["localhost:3000"],
    ["preview.localhost"],
    [`8080-${hex}`],
    [`0-${hex}.preview.localhost`],
    [`08080-${hex}.preview.localhost`],
    [`65536-${hex}.preview.localhost`],
    [`8080-${hex}0.preview.localhost`],
    [`8080-${session}.preview.localhost`],
    [`a@8080-${hex}.preview.localhost`],
    [`8080-${hex}.preview.localhost:1:2`],
    [`8080-${hex}.preview.localhost/x`],
  ])("%s isn't one", (given) => expect(parseHost(given)).toBeNull());

  it("is told from the dashboard's, whether or not there is such a preview", () => {
    const domains = ["preview.localhost", "preview.example.net"];
    for (const given of [host, "preview.localhost", "x.PREVIEW.localhost.:80", "a.b.preview.example.net"])
      expect(isUnder(given, domains)).toBe(true);
    // Browsers go there, too: to this machine, with what a preview set for all of the domain.
    for (const given of [
      ...["a_b.preview.localhost:3000", "a..preview.localhost", "preview.localhost..", "preview.localhost:"],
      ...[
        "ä.preview.localhost",
        "preview.localhost:123456",
        " preview.localhost ",
        "x.preview.localhost, localhost",
      ],
    ])
      expect(isUnder(given, domains)).toBe(true);
    for (const given of ["localhost:3000", "notpreview.localhost", "preview.localhost.evil.test", undefined])
      expect(isUnder(given, domains)).toBe(false);
  });

  it("is told in no time, however long", () => {
    const started = performance.now();
    for (const given of [
      `${".".repeat(16_000)}x`,
      `${"a.".repeat(8_000)}_`,
      ",".repeat(16_000),
      ":".repeat(16_000),
    ])
      expect([isUnder(given, ["preview.localhost"]), parseHost(given)]).toEqual([false, null]);
    expect(performance.now() - started).toBeLessThan(100);
  });
});

describe("where previews are", () => {
  const name = { session, port: 8080 };
  it.each([
    ["localhost:3000", undefined, undefined, `http://8080-${hex}.preview.localhost:3000/`],
    ["127.0.0.1", "http://localhost", undefined, `http://8080-${hex}.preview.localhost/`],
    ["[::1]:8000", undefined, undefined, `http://8080-${hex}.preview.localhost:8000/`],
    ["kiln.test", "https://kiln.test", "kiln-preview.net", `https://8080-${hex}.kiln-preview.net/`],
    ["kiln.test", "https://kiln.test:8443", "p.net", `https://8080-${hex}.p.net:8443/`],
    ["kiln.test", "https://kiln.test:8443", "p.net:99", `https://8080-${hex}.p.net:99/`],
    ["kiln.test", undefined, "p.net", `http://8080-${hex}.p.net/`],
  ])("from %s (%s, %s): %s", (at, address, domain, url) => {
    expect(originOf(name, { host: at, address, domain }).href).toBe(url);
  });

  it.each(["10.0.0.1:3000", "kiln.test", "localhost.evil.test", "", "a b"])(
    "from %s there are none",
    (at) => {
      expect(() => originOf(name, { host: at, address: undefined, domain: undefined })).toThrow(
        expect.objectContaining({ code: "no_preview_domain" }),
      );
    },
  );
});

it.each([
  ["https://kiln.example.com", "example.com", true],
  ["https://example.com:8443", "example.com:99", true],
  ["https://kiln.example.com", "preview.example.com", false],
  ["https://notexample.com", "example.com", false],
  [undefined, "example.com", false],
  ["https://kiln.example.com", undefined, false],
])("a dashboard at %s is under %s: %s", (address, domain, is) => {
  expect(isUnderDomain(address, domain)).toBe(is);
});

describe("cookies", () => {
  it.each([
    ["a=1; kiln-preview=x; b=2; __Host-kiln-preview=y", "a=1; b=2"],
    [
      "next-auth.session-token=t; __Secure-next-auth.session-token=t; __Host-next-auth.csrf-token=t",
      undefined,
    ],
    ["kiln-preview=x", undefined],
    ["my-kiln-preview=1;kiln-preview2=2; odd", "my-kiln-preview=1; kiln-preview2=2; odd"],
    ["", undefined],
    [undefined, undefined],
  ])("of %s the program sees %s", (given, seen) => expect(forProgram(given)).toBe(seen));

  it.each([
    ["a=1; Domain=preview.localhost; Path=/", "a=1; Path=/"],
    ["a=1;domain = .x;DOMAIN;HttpOnly", "a=1;HttpOnly"],
    ["a=domain=x; SameSite=None", "a=domain=x; SameSite=None"],
    ["kiln-preview=stolen; Path=/", null],
    [" __Host-kiln-preview =stolen", null],
    ["next-auth.session-token=x", null],
  ])("%s is kept as %s", (given, kept) => expect(forBrowser(given)).toBe(kept));

  it("no attribute lets one reach another host, however it is written", () => {
    const odd = fc.constantFrom("a=1", "; ", ";", "Domain", "domain", "=", " ", "\t", "x.test", "Path=/");
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 12 }), (parts) => {
        const kept = forBrowser(parts.join("")) ?? "";
        const [, ...attributes] = kept.split(";");
        expect(attributes.some((each) => /^\s*domain\s*(=|$)/i.test(each))).toBe(false);
      }),
    );
  });

  it("a pass is for one host and no script, and is found among strangers' ones", () => {
    expect(passCookie("v", { secure: true, seconds: 5 })).toBe(
      "__Host-kiln-preview=v; Path=/; Max-Age=5; HttpOnly; SameSite=Lax; Secure",
    );
    expect(passCookie("v", { secure: false, seconds: 5 })).toBe(
      "kiln-preview=v; Path=/; Max-Age=5; HttpOnly; SameSite=Lax",
    );
    expect(passesIn("kiln-preview=a; x=1; kiln-preview=b=c")).toEqual(["a", "b=c"]);
    const tossed = Array.from({ length: 50 }, () => "kiln-preview=tossed").join(";");
    expect(passesIn(`${tossed}; __Host-kiln-preview=own`)[0]).toBe("own");
    expect(passesIn(Array.from({ length: 50 }, () => "kiln-preview=a").join(";"))).toHaveLength(8);
  });
});

describe("headers", () => {
  it("of the request lose what is about the connection, and what nobody can vouch for", () => {
    const given = {
      ...{
        connection: ["keep-alive, X-Mine"],
        "x-mine": ["1"],
        "keep-alive": ["timeout=5"],
        te: ["trailers"],
      },
      ...{ "transfer-encoding": ["chunked"], upgrade: ["h2c"], expect: ["100-continue"], host: ["evil"] },
      ...{ "x-forwarded-for": ["1.2.3.4"], forwarded: ["for=1"], "x-real-ip": ["1"], accept: ["a", "b"] },
    };
    expect(toGateway(given, { host, secure: false, address: "::1" })).toEqual({
      accept: ["a", "b"],
      host,
      ...{ "x-forwarded-for": "::1", "x-forwarded-host": host, "x-forwarded-port": "3000" },
      "x-forwarded-proto": "http",
    });
  });

  it("no token and no cookie of Kiln gets into the session; the program's own do", () => {
    const sent = (authorization: string, cookie: string) =>
      toProgram({ authorization: [authorization], cookie: [cookie] });
    expect(sent("Bearer kiln_abc", "kiln-preview=x")).toEqual({});
    expect(sent("bearer  kiln_abc", "a=1; kiln-preview=x")).toEqual({ cookie: "a=1" });
    expect(sent("Bearer eyJ", "a=1")).toEqual({ authorization: "Bearer eyJ", cookie: "a=1" });
  });

  it("of the answer reach this host only", () => {
    const given = {
      ...{ "set-cookie": ["a=1; Domain=x", "kiln-preview=x"], "clear-site-data": ['"*"'] },
      ...{ "alt-svc": ["h3"], connection: ["close"], "content-type": ["text/html"] },
    };
    expect(toBrowser(given, 80)).toEqual({
      "set-cookie": ["a=1"],
      "content-type": "text/html",
      "cache-control": "private",
    });
  });

  it("of the answer say nothing to what is in front of Kiln, nor pass for Kiln's own", () => {
    const given = {
      ...{
        "x-accel-redirect": ["/internal"],
        "x-sendfile": ["/etc/passwd"],
        "x-kiln-preview": ["forbidden"],
      },
      ...{
        "x-lighttpd-send-file": ["/x"],
        "surrogate-control": ["max-age=9"],
        "cdn-cache-control": ["public"],
      },
      ...{
        "x-accel-expires": ["99"],
        "cloudflare-cdn-cache-control": ["public"],
        "x-litespeed-cache-control": ["public"],
      },
      ...{ "x-accel-buffering": ["no"], "cache-control": ["no-store"] },
    };
    expect(toBrowser(given, 80)).toEqual({ "x-accel-buffering": "no", "cache-control": "no-store" });
  });

  it.each([
    [undefined, "private"],
    ["public, max-age=60", "private, max-age=60"],
    ["max-age=60, S-MaxAge=600 , immutable", "private, max-age=60, immutable"],
    ["no-store", "no-store"],
    ["private, max-age=1", "private, max-age=1"],
    ['private="x-one", public', "private"],
    ['no-cache="set-cookie, x"', "private, no-cache"],
    ["", "private"],
  ])("a cache that many use keeps nothing: %s becomes %s", (given, kept) => {
    expect(toBrowser(given === undefined ? {} : { "cache-control": [given] }, 80)).toEqual({
      "cache-control": kept,
    });
  });

  it.each([
    ["http://localhost:8080/a?b#c", "/a?b#c"],
    ["http://127.0.0.1:8080", "/"],
    ["http://[::1]:8080/x", "/x"],
    ["http://localhost:8080//evil.test/a", "/.//evil.test/a"],
    ["http://localhost:8080/\\evil.test/a", "/.//evil.test/a"],
    ["http://localhost:8081/a", "http://localhost:8081/a"],
    ["https://example.test/a", "https://example.test/a"],
    ["/a", "/a"],
    ["//evil.test/a", "//evil.test/a"],
    ["http://[broken", "http://[broken"],
  ])("a redirect to %s leads to %s", (given, led) => {
    expect(toBrowser({ location: [given] }, 8080)).toMatchObject({ location: led });
  });
});

describe("a request may come", () => {
  const from = (headers: Record<string, string>) =>
    isFromOwnPages(
      Object.fromEntries(Object.entries({ host, ...headers }).map(([key, value]) => [key, [value]])),
    );
  const own = `http://8080-${hex}.preview.localhost:3000`;
  const neighbour = `http://5173-${hex}.preview.localhost:3000`;
  const foreign = `http://8080-${other.replaceAll("-", "")}.preview.localhost:3000`;

  it.each<[string, boolean, Record<string, string>]>([
    ["typed", true, { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }],
    [
      "followed from the dashboard",
      true,
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    ],
    ["from its own page", true, { "sec-fetch-site": "same-origin", origin: own }],
    ["from its own page that hides", true, { "sec-fetch-site": "same-origin", origin: "null" }],
    ["from another port of the session", true, { "sec-fetch-site": "same-site", origin: neighbour }],
    ["as an image on it", true, { "sec-fetch-site": "same-site", referer: `${neighbour}/` }],
    ["from a program", true, {}],
    ["a WebSocket of its own page", true, { origin: own }],
    ["a WebSocket of another session", false, { origin: foreign }],
    ["from another session", false, { "sec-fetch-site": "same-site", origin: foreign }],
    ["as an image there", false, { "sec-fetch-site": "same-site", referer: `${foreign}/` }],
    ["from one that hides", false, { "sec-fetch-site": "same-site" }],
    [
      "a form of another session",
      false,
      {
        "sec-fetch-site": "same-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
        origin: foreign,
      },
    ],
    [
      "in a frame of another session",
      false,
      {
        "sec-fetch-site": "same-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "iframe",
        referer: `${foreign}/`,
      },
    ],
    ["from elsewhere", false, { "sec-fetch-site": "cross-site", origin: "https://evil.test" }],
    ["from the same name elsewhere", false, { origin: `http://8080-${hex}.evil.test` }],
    ["from nowhere", false, { origin: "null" }],
  ])("%s: %s", (_, may, headers) => expect(from(headers)).toBe(may));
});

it("Kiln's own pages have no markup of anybody else's, and are told from the program's", () => {
  const page = ownPage("forbidden", true, { detail: "<script>alert(1)</script>" });
  expect(page).toMatchObject({ status: 403, headers: { "x-kiln-preview": "forbidden" } });
  expect(page.body).not.toContain("<script");
  expect(page.body).toContain("&lt;script");
  const link = linkFor("not_signed_in", { session, port: 80 }, "https://kiln.test/");
  expect(ownPage("not_signed_in", true, { link }).body).toContain(
    `<a href="https://kiln.test/sessions/${session}/preview/80">Open port 80 again</a>`,
  );
  expect(linkFor("nothing_listens", { session, port: 80 }, "https://kiln.test")?.href).toBe(
    `https://kiln.test/sessions/${session}?tab=activity`,
  );
  expect(linkFor("no_such_preview", null, "https://kiln.test")).toBeNull();
  expect(ownPage("nothing_listens", false).body).toMatch(/^Nothing listens on this port\. Start/);
});
