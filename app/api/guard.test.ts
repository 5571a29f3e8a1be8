import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";

/**
 * Who may do what is asked by each page, handler and action itself. This finds the one that doesn't: it reads
 * every file that Next makes reachable, so that a new one can't be forgotten.
 */
const root = path.join(import.meta.dirname, "../..");
const find = (pattern: string) => globSync(pattern, { cwd: root }).toSorted();
const sourceOf = (file: string) => readFileSync(path.join(root, file), "utf8");

/** Reachable by design without `route`: the health check, signing in itself, and hooks, which a signature opens. */
const openRoutes = [
  "app/api/auth/[...nextauth]/route.ts",
  "app/api/v1/health/route.ts",
  "app/api/v1/hooks/[token]/route.ts",
];
/** Shows nothing but that nothing is there. */
const missingPage = "app/(dashboard)/[...missing]/page.tsx";
/** Next's own settings of a route or page; they answer nothing. */
const settings = new Set(["dynamic", "runtime", "revalidate", "maxDuration", "metadata", "viewport"]);

const { program: sample } = parseSync("sample.ts", "");
type Program = typeof sample;
type Statement = Program["body"][number];

function parse(file: string, source: string): Program {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  return program;
}

interface Export {
  name: string;
  /** What the value comes from: a call of this function, or something else. */
  madeBy: string | null;
}

/** Every value that a module exports, and by which call it is made. */
function exportsOf({ body }: Program): Export[] {
  return body.flatMap((statement): Export[] => {
    if (statement.type === "ExportDefaultDeclaration") return [{ name: "default", madeBy: null }];
    if (statement.type === "ExportAllDeclaration") return [{ name: "*", madeBy: null }];
    if (statement.type !== "ExportNamedDeclaration" || statement.exportKind === "type") return [];
    const { declaration } = statement;
    if (declaration?.type === "VariableDeclaration") {
      return declaration.declarations.map(({ id, init }) => ({
        name: id.type === "Identifier" ? id.name : "a pattern",
        madeBy:
          init?.type === "CallExpression" && init.callee.type === "Identifier" ? init.callee.name : null,
      }));
    }
    if (declaration?.type === "FunctionDeclaration")
      return [{ name: declaration.id?.name ?? "a function", madeBy: null }];
    if (
      declaration &&
      declaration.type !== "TSTypeAliasDeclaration" &&
      declaration.type !== "TSInterfaceDeclaration"
    )
      return [{ name: "a declaration", madeBy: null }];
    return statement.specifiers.map(({ exported }) => ({
      name: "name" in exported ? exported.name : String(exported.value),
      madeBy: null,
    }));
  });
}

/** Is this name imported from that module, and not something else of the same name? */
function imports({ body }: Program, name: string, from: string): boolean {
  return body.some(
    (statement) =>
      statement.type === "ImportDeclaration" &&
      statement.source.value === from &&
      statement.specifiers.some(
        (specifier) =>
          specifier.type === "ImportSpecifier" &&
          specifier.local.name === name &&
          "name" in specifier.imported &&
          specifier.imported.name === name,
      ),
  );
}

/** The exports that aren't made by `maker`. */
function unguarded(program: Program, maker: string, from: string): string[] {
  const isReal = imports(program, maker, from);
  return exportsOf(program)
    .filter(({ name, madeBy }) => !settings.has(name) && !(isReal && madeBy === maker))
    .map(({ name }) => name);
}

const unguardedHandlers = (program: Program) => unguarded(program, "route", "@/lib/web/route.server");
const unguardedActions = (program: Program) => unguarded(program, "action", "@/lib/web/action.server");

const startsWith = (program: Program, directive: string) =>
  program.body.some((statement) => "directive" in statement && statement.directive === directive);

/** The functions that Next calls for a page or a layout: each may read something before the other. */
function entriesOf(program: Program): Map<string, Statement[]> {
  const entries = new Map<string, Statement[]>();
  for (const statement of program.body) {
    const declaration =
      statement.type === "ExportDefaultDeclaration" || statement.type === "ExportNamedDeclaration"
        ? statement.declaration
        : null;
    if (declaration?.type !== "FunctionDeclaration" || !declaration.body) continue;
    const name = statement.type === "ExportDefaultDeclaration" ? "default" : (declaration.id?.name ?? "");
    entries.set(name, declaration.body.body);
  }
  return entries;
}

/** Pages that don't ask first who is there: their first `await` must be that of `requireUser`. */
function unguardedEntries(source: string, program: Program): string[] {
  const entries = entriesOf(program);
  const isReal = imports(program, "requireUser", "@/lib/web/session.server");
  const asksFirst = (body: Statement[]) => {
    const first = body
      .map(({ start, end }) => source.slice(start, end))
      .find((text) => /\bawait\b|\breturn\b/.test(text));
    return first !== undefined && /^(?:const [^=]+= )?await requireUser\(/.test(first);
  };
  const missing = entries.has("default") ? [] : ["default"];
  return [
    ...missing,
    ...[...entries].filter(([, body]) => !(isReal && asksFirst(body))).map(([name]) => name),
  ];
}

describe("every route handler is made by route()", () => {
  const files = find("app/**/route.{ts,tsx,js}").filter((file) => !openRoutes.includes(file));

  it("and they are found", () => {
    expect(files.length).toBeGreaterThanOrEqual(15);
    for (const file of openRoutes) expect(find("app/**/route.ts")).toContain(file);
  });

  it.each(files)("%s", (file) => {
    const program = parse(file, sourceOf(file));
    expect(exportsOf(program).length).toBeGreaterThan(0);
    expect(unguardedHandlers(program)).toEqual([]);
  });
});

describe("every server action is made by action()", () => {
  const files = find("{app,components,lib}/**/*.{ts,tsx}").filter(
    (file) => sourceOf(file).includes("use server") && !file.endsWith(".test.ts"),
  );

  it("and they are found", () => {
    expect(files.length).toBeGreaterThanOrEqual(4);
  });

  it.each(files)("%s", (file) => {
    const program = parse(file, sourceOf(file));
    // One that is written inside a component would have no guard.
    expect(startsWith(program, "use server")).toBe(true);
    expect(unguardedActions(program)).toEqual([]);
  });
});

describe("every page and layout of the dashboard asks first who is there", () => {
  const files = find("app/(dashboard)/**/{page,layout,template,default}.tsx").filter(
    (file) => file !== missingPage,
  );

  it("and they are found", () => {
    expect(files.length).toBeGreaterThanOrEqual(10);
  });

  it.each(files)("%s", (file) => {
    const source = sourceOf(file);
    const program = parse(file, source);
    expect(startsWith(program, "use client")).toBe(false);
    expect(unguardedEntries(source, program)).toEqual([]);
  });

  it("and the page of what isn't there reads nothing", () => {
    const { body } = parse(missingPage, sourceOf(missingPage));
    const sources = body.flatMap((statement) =>
      statement.type === "ImportDeclaration" ? [statement.source.value] : [],
    );
    expect(sources).toEqual(["next/navigation", "@/lib/web/session.server"]);
  });

  it("and outside of it there is only signing in and the way to the dashboard", () => {
    const outside = find("app/**/page.{tsx,ts,jsx,js}").filter(
      (file) => !file.startsWith("app/(dashboard)/"),
    );
    expect(outside).toEqual(["app/(auth)/sign-in/page.tsx", "app/page.tsx"]);
  });
});

describe("the guard itself finds", () => {
  const routeImport = 'import { route } from "@/lib/web/route.server";\n';
  it.each([
    [`${routeImport}export const GET = route({ role: "viewer" }, work);`, []],
    [
      `${routeImport}export const dynamic = "force-dynamic"; export const GET = route<P>({ role: "viewer" }, work);`,
      [],
    ],
    [`${routeImport}export async function POST() {}`, ["POST"]],
    [`${routeImport}export const GET = route({}, work), POST = async () => {};`, ["POST"]],
    [`${routeImport}export const GET = wrap(route({}, work));`, ["GET"]],
    [`${routeImport}const GET = () => {}; export { GET };`, ["GET"]],
    [`export * from "./other";`, ["*"]],
    [`export default function handler() {}`, ["default"]],
    [`const route = (x) => x; export const GET = route(work);`, ["GET"]],
    [`import { route } from "./my-own"; export const GET = route(work);`, ["GET"]],
    [`import { open as route } from "@/lib/web/route.server"; export const GET = route(work);`, ["GET"]],
  ])("case %#", (source, names) => {
    expect(unguardedHandlers(parse("route.ts", source))).toEqual(names);
  });

  const userImport = 'import { requireUser } from "@/lib/web/session.server";\n';
  it.each([
    [`${userImport}export default async function Page() { await requireUser(); return null; }`, []],
    [
      `${userImport}export default async function Page() { const { role } = await requireUser("admin"); return role; }`,
      [],
    ],
    [
      `${userImport}export default async function Page() { const rows = await load(); await requireUser(); return rows; }`,
      ["default"],
    ],
    [`${userImport}export default async function Page() { requireUser(); return null; }`, ["default"]],
    [
      `${userImport}export default async function Page({ open }) { if (open) return load(); await requireUser(); return null; }`,
      ["default"],
    ],
    [
      `${userImport}export async function generateMetadata() { return load(); } export default async function Page() { await requireUser(); }`,
      ["generateMetadata"],
    ],
    [`${userImport}export default () => null;`, ["default"]],
    [
      `const requireUser = async () => {}; export default async function Page() { await requireUser(); }`,
      ["default"],
    ],
  ])("page %#", (source, names) => {
    expect(unguardedEntries(source, parse("page.tsx", source))).toEqual(names);
  });
});
