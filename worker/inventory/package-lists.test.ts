import { expect, it } from "vitest";
import {
  apkList,
  dpkgList,
  type FoundPackage,
  type LineReader,
  readManifest,
  readMetadata,
} from "./package-lists";

/** Everything that a reader finds, as `name version`. */
function all(read: (found: FoundPackage) => void): string[] {
  const found: string[] = [];
  read((name, version) => found.push(`${name} ${version}`));
  return found;
}

const lines = (reader: (found: FoundPackage) => LineReader, text: string) =>
  all((found) => {
    const each = reader(found);
    for (const line of text.split("\n")) each.line(line);
    each.end();
  });

const stanza = (name: string, status: string | null, version = "1.0-1") =>
  `Package: ${name}\n${status === null ? "" : `Status: ${status}\n`}Architecture: all\nVersion: ${version}\nDescription: a tool\n Version: 9 in the text\n`;

it.each<[string, string, string[]]>([
  ["nothing", "", []],
  ["one that is installed", stanza("jq", "install ok installed"), ["jq 1.0-1"]],
  ["one that is held", stanza("jq", "hold ok installed"), ["jq 1.0-1"]],
  ["one whose configuration is left", stanza("jq", "deinstall ok config-files"), []],
  ["one that is half there", stanza("jq", "install ok half-installed"), []],
  ["a part without a status", stanza("tzdata", null, "2024a-0+deb12u1"), ["tzdata 2024a-0+deb12u1"]],
  ["a stanza without a version", "Package: jq\nStatus: install ok installed\n", []],
  [
    "several, and several empty lines",
    `${stanza("a", "install ok installed")}\n\n${stanza("b", "install ok installed", "2")}`,
    ["a 1.0-1", "b 2"],
  ],
])("dpkg: %s", (_, text, expected) => {
  expect(lines(dpkgList, text)).toEqual(expected);
});

it.each<[string, string, string[]]>([
  ["nothing", "", []],
  [
    "two",
    "C:Q1abc=\nP:musl\nV:1.2.5-r0\nA:x86_64\n\nP:busybox\nV:1.36.1-r29\n",
    ["musl 1.2.5-r0", "busybox 1.36.1-r29"],
  ],
  ["one that isn't whole", "P:musl\n\n", []],
  ["files of a package, which are named like keys", "P:musl\nV:1\nF:lib\nR:V:2\n", ["musl 1"]],
])("apk: %s", (_, text, expected) => {
  expect(lines(apkList, text)).toEqual(expected);
});

it.each<[string, string, string[]]>([
  [
    "a head and a text",
    "Metadata-Version: 2.1\nName: requests\nVersion: 2.32.3\n\nName: other\nVersion: 1\n",
    ["requests 2.32.3"],
  ],
  ["line ends of Windows", "Name: six\r\nVersion: 1.16.0\r\n\r\ntext", ["six 1.16.0"]],
  ["a version only in the text", "Name: six\n\nVersion: 1\n", []],
  ["nothing", "", []],
])("pip: %s", (_, text, expected) => {
  expect(all((found) => readMetadata(text, found))).toEqual(expected);
});

it.each<[string, string, string[]]>([
  ["a package", '{"name": "@scope/tool", "version": "1.2.3", "bin": {}}', ["@scope/tool 1.2.3"]],
  ["no version", '{"name": "tool"}', []],
  ["a name that is no text", '{"name": 4, "version": "1"}', []],
  ["no JSON", "{", []],
  ["nothing", "", []],
])("npm: %s", (_, text, expected) => {
  expect(all((found) => readManifest(text, found))).toEqual(expected);
});
