import { describe, expect, it } from "vitest";
import { defaultSpec, specSchema } from "@/lib/profiles/spec";
import { fromServer, readForm, type SpecForm, toForm } from "./spec-form";

const spec = specSchema.parse({
  baseImage: "debian:bookworm-slim",
  setupScript: "apt-get update\n",
  maintenanceScript: "## step: Upgrade\napt-get upgrade -y\n",
  env: { LANG: "C.UTF-8", PATH_EXTRA: "" },
  files: [{ path: "/etc/motd", content: "hello\n", mode: "0600" }],
  resources: { cpus: 1.5, diskMb: 4096 },
  secrets: ["NPM_TOKEN"],
  caches: ["/root/.npm"],
  network: "none",
  check: "true",
});

const errorsOf = (change: Partial<SpecForm>) => readForm({ ...toForm(spec), ...change }, spec).errors;

describe("readForm", () => {
  it("gives back what it was made from, with what it doesn't show", () => {
    expect(readForm(toForm(spec), spec)).toEqual({ spec, errors: {} });
    expect(readForm(toForm(defaultSpec()), defaultSpec()).spec).toEqual(defaultSpec());
  });

  it.each<[keyof SpecForm, string, string]>([
    ["baseImage", "", "Name the image to start from."],
    [
      "baseImage",
      "Not An Image",
      "Write an image reference such as debian:bookworm-slim or registry.example.com/team/image:tag.",
    ],
    ["cpus", "", "Enter a number."],
    ["cpus", "two", "Enter a number."],
    ["cpus", "0", "Use at least 0.1 CPU."],
    ["memoryMb", "12.5", "Enter a whole number."],
    ["pids", "1", "Use at least 8 processes."],
    ["diskMb", "1", "Use at least 64 MB."],
    ["caches", "/root/.npm\n\n/proc/x", "Line 3: Use another folder: /proc is Kiln's or the kernel's."],
    ["maintenanceScript", "echo \0", "Remove the NUL character (\\0)."],
    ["setupSeconds", "0", "Use at least 1 second."],
    ["workdir", "tmp", "Start the path with a slash: it is a path in the sandbox."],
    ["user", "two words", "Write a user such as root, dev or 1000:1000."],
  ])("%s %j: %s", (field, value, message) => {
    expect(errorsOf({ [field]: value })).toEqual({ [field]: message });
  });

  it("leaves out rows in which nothing stands", () => {
    const form = toForm(spec);
    form.env.push({ id: "e", key: "", value: "" });
    form.files.push({ id: "f", path: "", mode: "0644", content: "" });
    expect(readForm(form, spec)).toEqual({ spec, errors: {} });
  });

  it("puts the errors of variables and files at their rows", () => {
    const errors = errorsOf({
      env: [
        { id: "a", key: "1ST", value: "x" },
        { id: "b", key: "TWICE", value: "x" },
        { id: "c", key: "TWICE", value: "y" },
        { id: "d", key: "", value: "y" },
        { id: "n", key: "NUL", value: "\0" },
      ],
      files: [
        { id: "f", path: "", mode: "0644", content: "x" },
        { id: "g", path: "/a", mode: "999", content: "" },
        { id: "h", path: "/a", mode: "0644", content: "" },
      ],
    });
    expect(Object.keys(errors).sort()).toEqual([
      "env.a.key",
      "env.c.key",
      "env.d.key",
      "env.n.value",
      "files.f.path",
      "files.g.mode",
      "files.h.path",
    ]);
    expect(errors["env.a.key"]).toBe("Use letters, digits and _, not starting with a digit.");
    expect(errors["env.c.key"]).toBe("This name is in the list twice.");
  });
});

it("fromServer finds the form's fields", () => {
  const form = toForm(spec);
  const [lang] = form.env;
  const [motd] = form.files;
  const errors = fromServer(
    [
      { path: "spec.baseImage", message: "a" },
      { path: "spec.resources.cpus", message: "b" },
      { path: "spec.env.LANG", message: "c" },
      { path: "spec.files.0.path", message: "d" },
      { path: "spec.maintenanceScript", message: "e" },
    ],
    form,
  );
  expect(errors).toEqual({
    baseImage: "a",
    cpus: "b",
    [`env.${lang?.id}.value`]: "c",
    [`files.${motd?.id}.path`]: "d",
    maintenanceScript: "e",
  });
});

describe("packages and repositories", () => {
  const empty = defaultSpec();
  it("reads one package a line, and names the line that is wrong", () => {
    const form = { ...toForm(empty), packages: { apt: "jq\n\n git \n", npm: "", pip: "" } };
    expect(readForm(form, empty).spec?.packages.apt).toEqual(["jq", "git"]);
    const wrong = { ...form, packages: { ...form.packages, npm: "a\n\nb c\n" } };
    expect(readForm(wrong, empty).errors).toEqual({
      "packages.npm": "Line 3: Write an npm package such as typescript or @scope/name@1.2.",
    });
    expect(fromServer([{ path: "spec.packages.npm.1", message: "No." }], wrong)).toEqual({
      "packages.npm": "Line 3: No.",
    });
  });

  it("puts a repository's mistakes at its row, and forgets rows that are empty", () => {
    const rows = [
      { id: "first", url: "", ref: "", path: "", secret: "" },
      { id: "second", url: "https://a.b/c", ref: "v1", path: "src", secret: "" },
      { id: "third", url: "git://a.b/c", ref: "", path: "/src", secret: "TOKEN" },
    ];
    const form = { ...toForm(empty), repositories: rows };
    expect(Object.keys(readForm(form, empty).errors)).toEqual([
      "repositories.second.path",
      "repositories.third.secret",
    ]);
    expect(fromServer([{ path: "repositories.1.secret", message: "No." }], form)).toEqual({
      "repositories.second.secret": "No.",
    });
  });
});
