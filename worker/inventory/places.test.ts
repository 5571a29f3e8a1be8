import { expect, it } from "vitest";
import { isEnginesOwn, linkTarget, type Place, placeOf, plain, programFolders, topFolder } from "./places";

it.each<[string, Place | null]>([
  ["var/lib/dpkg/status", "dpkg"],
  ["var/lib/dpkg/status-old", null],
  ["var/lib/dpkg/status.d/tzdata", "dpkg"],
  ["var/lib/dpkg/status.d/tzdata.md5sums", null],
  ["lib/apk/db/installed", "apk"],
  ["usr/lib/apk/db/installed", "apk"],
  ["usr/lib/node_modules/npm/package.json", "npm"],
  ["usr/local/lib/node_modules/@scope/tool/package.json", "npm"],
  ["usr/local/lib/node_modules/npm/node_modules/semver/package.json", null],
  ["usr/local/lib/node_modules/@scope/package.json", null],
  ["opt/node-24/lib/node_modules/corepack/package.json", "npm"],
  ["home/me/project/node_modules/a/package.json", null],
  ["usr/local/lib/python3.12/site-packages/requests-2.32.3.dist-info/METADATA", "pip"],
  ["usr/local/lib/python3.11/dist-packages/six-1.16.0.egg-info/PKG-INFO", "pip"],
  ["usr/lib/python3.12/site-packages/six-1.16.0.egg-info", "pip"],
  ["usr/lib/python3/dist-packages/apt-2.6.dist-info/METADATA", null],
  ["opt/venv/lib/python3.12/site-packages/six-1.16.0.dist-info/METADATA", "pip"],
  ["opt/tools/black/lib/python3.12/site-packages/black-24.1.dist-info/METADATA", "pip"],
  ["usr/local/lib/python3.12/site-packages/a/vendor/b-1.dist-info/METADATA", null],
  ["var/lib/rpm/rpmdb.sqlite", "rpm"],
])("%s is %s", (file, place) => {
  expect(placeOf(file)).toBe(place);
});

it.each([
  ["./usr/bin/", "usr/bin"],
  ["/usr/bin", "usr/bin"],
  ["usr//bin/./node", "usr/bin/node"],
  ["./", ""],
  ["/", ""],
])("%s is %s", (name, path) => {
  expect(plain(name)).toBe(path);
});

it.each([
  ["usr/bin/node", "/usr"],
  ["hello", "/"],
])("%s is in %s", (file, folder) => {
  expect(topFolder(file)).toBe(folder);
});

it("knows what the engine puts into every container", () => {
  expect([".dockerenv", "dev/console", "proc", "sys/fs"].filter(isEnginesOwn)).toHaveLength(4);
  expect(["device/a", "etc/hosts", "procedures"].filter(isEnginesOwn)).toEqual([]);
});

it("PATH: the image's, else the usual one; only whole paths count", () => {
  expect([...programFolders(["HOME=/root", "PATH=/opt/node/bin:/usr/bin/:relative:"])]).toEqual([
    "opt/node/bin",
    "usr/bin",
  ]);
  expect([...programFolders([])]).toContain("usr/local/bin");
});

it.each([
  ["bin", "usr/bin", "usr/bin"],
  ["usr/local/bin", "../bin", "usr/bin"],
  ["bin", "/usr/bin", "usr/bin"],
  ["bin", "../../../etc", "etc"],
])("the link %s to %s leads to %s", (file, link, target) => {
  expect(linkTarget(file, link)).toBe(target);
});
