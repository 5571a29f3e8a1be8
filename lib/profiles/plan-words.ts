/**
 * The grammars of package names, repository addresses and refs. They reach the package managers and git as
 * arguments, never as shell text; what could be taken for an option, or means something else to a manager, is
 * refused here.
 */
import { z } from "zod";

/** `name`, `name:arch`, `name=version`. A trailing minus would mean "remove". */
const APT = /^[a-z0-9][a-z0-9+.-]*[a-z0-9+.](?::[a-z0-9-]+)?(?:=[A-Za-z0-9][A-Za-z0-9.+:~*-]*)?$/;
/** `name`, `@scope/name`, each with `@version`, `@^1.2` or a tag such as `@latest`. */
const NPM = /^(?:@[a-z0-9~][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*(?:@[\^~]?[A-Za-z0-9][A-Za-z0-9.*+-]*)?$/;
/** `name`, `name[extra]`, `name==1.2`, `name~=1.2`. */
const PIP =
  /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9._-]+(?:,[A-Za-z0-9._-]+)*\])?(?:[=~]=[A-Za-z0-9][A-Za-z0-9.*+!_-]*)?$/;

function packageList(grammar: RegExp, message: string) {
  return z
    .array(z.string().max(200, "Use at most 200 characters.").regex(grammar, message))
    .max(200, "Use at most 200 packages.")
    .superRefine((names, context) => {
      names.forEach((name, index) => {
        if (names.indexOf(name) < index)
          context.addIssue({ code: "custom", path: [index], message: "This package is in the list twice." });
      });
    })
    .default([]);
}

export const packagesSchema = z
  .strictObject({
    apt: packageList(APT, "Write a Debian package such as jq or jq=1.6*."),
    npm: packageList(NPM, "Write an npm package such as typescript or @scope/name@1.2."),
    pip: packageList(PIP, "Write a Python package such as requests or requests==2.32.3."),
  })
  .prefault({});

export const packageManagers = ["apt", "npm", "pip"] as const;
export type PackageManager = (typeof packageManagers)[number];

const HOST = `[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?`;
const PATH = `[A-Za-z0-9._~%+/-]+`;
const URLS = [
  new RegExp(String.raw`^(?:https|git)://${HOST}(?::\d{1,5})?/${PATH}$`),
  // The user of an ssh address is a name, not a credential.
  new RegExp(String.raw`^ssh://(?:[a-z_][a-z0-9_-]*@)?${HOST}(?::\d{1,5})?/${PATH}$`),
  new RegExp(`^[a-z_][a-z0-9_-]*@${HOST}:(?!/)${PATH}$`),
];

export const repositoryUrl = z
  .string()
  .max(1024, "Use at most 1,024 characters.")
  .refine(
    (url) => !/^[a-z]+:\/\/[^/]*:[^/]*@/.test(url) && !/^https?:\/\/[^/]*@/.test(url),
    "Leave user and password out: everybody who sees the profile could read them.",
  )
  .refine(
    (url) => URLS.some((grammar) => grammar.test(url)),
    "Write an address such as https://example.com/team/project.git; https, git and ssh are possible.",
  );

export const gitRef = z
  .string()
  .max(250, "Use at most 250 characters.")
  .regex(
    /^(?:[A-Za-z0-9_](?!.*(?:\.\.|\/\/|@\{|\.lock$|[./]$))[A-Za-z0-9_./+@-]*)?$/,
    "Write a branch, a tag or a commit.",
  );
