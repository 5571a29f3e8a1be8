/** The directions in which this project's parts may import each other. */

/**
 * @typedef {import("./import-graph.mjs").Module} Module
 * @typedef {import("./import-graph.mjs").Import} Import
 */

/** Fewer than these, and the reader is broken: a checker that reads nothing passes everything. */
const floor = { app: 60, components: 100, lib: 80, worker: 40 };
const importsAModule = 1.5;

const isTest = (/** @type {string} */ file) => /\.test\.tsx?$/.test(file) || file.startsWith("e2e/");
const isServer = (/** @type {string} */ file) => /\.server\.tsx?$/.test(file);
const isPrismaClient = (/** @type {Import} */ { to }) =>
  /^(@prisma\/client|lib\/db\/generated)(\/|$)/.test(to);

/**
 * Rules about one import at a time.
 * @type {{ rule: string, breaks: (file: string, target: Import) => boolean }[]}
 */
const directions = [
  {
    rule: "lib imports only lib",
    breaks: (file, { to, external }) => inside(file, "lib") && !external && !inside(to, "lib"),
  },
  {
    rule: "worker imports neither lib/web nor app nor components",
    breaks: (file, { to }) =>
      inside(file, "worker") && ["lib/web", "app", "components"].some((part) => inside(to, part)),
  },
  {
    rule: "app and components never import worker",
    breaks: (file, { to }) => (inside(file, "app") || inside(file, "components")) && inside(to, "worker"),
  },
  {
    rule: "components import no *.server.ts",
    breaks: (file, { to }) => inside(file, "components") && isServer(to),
  },
  {
    rule: "dockerode only in worker/containers/docker",
    breaks: (file, { to }) => to.split("/")[0] === "dockerode" && !inside(file, "worker/containers/docker"),
  },
  {
    rule: "the Prisma client only in *.server.ts, worker and prisma",
    breaks: (file, target) =>
      isPrismaClient(target) && !isServer(file) && !inside(file, "worker") && !inside(file, "prisma"),
  },
  {
    rule: "pg-boss only in lib/jobs",
    breaks: (file, { to }) => to.split("/")[0] === "pg-boss" && !inside(file, "lib/jobs"),
  },
];

/** @param {string} file @param {string} folder */
function inside(file, folder) {
  return file.startsWith(`${folder}/`);
}

/**
 * @param {Module[]} modules
 * @returns {string[]} one line a violation
 */
export function findViolations(modules) {
  const broken = modules
    .filter(({ file }) => !isTest(file))
    .flatMap(({ file, imports }) =>
      directions.flatMap(({ rule, breaks }) =>
        imports.filter((target) => breaks(file, target)).map(({ to }) => `${rule}: ${file} → ${to}`),
      ),
    );
  return [...new Set([...broken, ...findServerLeaks(modules), ...findCycles(modules)])];
}

/**
 * What has to be seen for the result to mean anything.
 * @param {Module[]} modules
 * @returns {string[]}
 */
export function findShortfalls(modules) {
  const imports = modules.reduce((sum, module) => sum + module.imports.length, 0);
  const few = Object.entries(floor).flatMap(([folder, least]) => {
    const seen = modules.filter(({ file }) => inside(file, folder)).length;
    return seen < least ? [`only ${seen} modules seen in ${folder}, expected ${least} or more`] : [];
  });
  const expected = Math.round(modules.length * importsAModule);
  return imports < expected ? [...few, `only ${imports} imports seen, expected ${expected} or more`] : few;
}

/**
 * A file without `.server` may end up in a browser, so nothing that it pulls in may be server code. A file of
 * server actions is where that chain ends: the browser gets only references to it. Pages and routes of `app` run on
 * the server and may use it.
 * @param {Module[]} modules
 */
function findServerLeaks(modules) {
  const byFile = new Map(modules.map((module) => [module.file, module]));
  const reachesBrowser = (/** @type {Module} */ { file, directive }) =>
    !isTest(file) &&
    !isServer(file) &&
    directive !== "use server" &&
    (inside(file, "components") ||
      inside(file, "lib") ||
      (inside(file, "app") && directive === "use client"));
  return modules.filter(reachesBrowser).flatMap((module) => {
    const chain = findChain(module, byFile);
    return chain ? [`a file without .server never reaches one with it: ${chain.join(" → ")}`] : [];
  });
}

/**
 * The shortest way from a module to server code, at run time.
 * @param {Module} start
 * @param {Map<string, Module>} byFile
 * @returns {string[] | null}
 */
function findChain(start, byFile) {
  const queue = [{ module: start, chain: [start.file] }];
  const seen = new Set([start.file]);
  for (const { module, chain } of queue) {
    for (const { to, external, typeOnly } of module.imports) {
      if (external || typeOnly || seen.has(to)) continue;
      if (isServer(to)) return [...chain, to];
      seen.add(to);
      const next = byFile.get(to);
      if (next && next.directive !== "use server") queue.push({ module: next, chain: [...chain, to] });
    }
  }
  return null;
}

/**
 * Each cycle once, named by its members.
 * @param {Module[]} modules
 * @returns {string[]}
 */
function findCycles(modules) {
  const byFile = new Map(modules.map((module) => [module.file, module]));
  /** @type {Map<string, "open" | "done">} */
  const state = new Map();
  /** @type {string[]} */
  const cycles = [];
  /** @param {string} file @param {string[]} trail */
  const visit = (file, trail) => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      cycles.push(`no import cycles: ${[...trail.slice(trail.indexOf(file)), file].join(" → ")}`);
      return;
    }
    state.set(file, "open");
    for (const { to, external } of byFile.get(file)?.imports ?? []) {
      if (!external && byFile.has(to)) visit(to, [...trail, file]);
    }
    state.set(file, "done");
  };
  for (const { file } of modules) visit(file, []);
  return cycles;
}
