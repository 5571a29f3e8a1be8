/** For tests: the smallest packages that npm and pip really install, made here. */
import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { crc32, gzipSync } from "node:zlib";
import { pack } from "tar-stream";

export interface MadePackage {
  name: string;
  version: string;
  /** As its address ends. */
  file: string;
  bytes: Buffer;
  /** Of its package.json. */
  scripts?: Record<string, string>;
}

/** Has one command, of the package's name, that says what it is. @param scripts of its package.json */
export async function npmPackage(
  name: string,
  version: string,
  scripts: Record<string, string> = {},
): Promise<MadePackage> {
  const manifest = { name, version, bin: { [name]: "cli.js" }, scripts };
  const archive = pack();
  archive.entry({ name: "package/package.json" }, JSON.stringify(manifest));
  const program = `#!/usr/bin/env node\nconsole.log("${name} ${version} of npm");\n`;
  archive.entry({ name: "package/cli.js", mode: 0o755 }, program);
  archive.finalize();
  return { name, version, file: `${name}-${version}.tgz`, bytes: gzipSync(await buffer(archive)), scripts };
}

/** Has one module, of the package's name, which says what it is when it is run. */
export function wheel(name: string, version: string): MadePackage {
  const module = name.replaceAll("-", "_");
  const about = `${module}-${version}.dist-info`;
  const files: Array<[path: string, content: string]> = [
    [`${module}.py`, `print("${name} ${version} of pip")\n`],
    [`${about}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`],
    [`${about}/WHEEL`, "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"],
  ];
  const record = [...files.map(([path]) => `${path},,`), `${about}/RECORD,,`, ""].join("\n");
  const bytes = zip([...files, [`${about}/RECORD`, record]]);
  return { name, version, file: `${module}-${version}-py3-none-any.whl`, bytes };
}

/** Source whose build ends with an error. */
export async function brokenSource(name: string, version: string): Promise<MadePackage> {
  const archive = pack();
  const folder = `${name}-${version}`;
  archive.entry({ name: `${folder}/setup.py` }, 'raise SystemExit("no compiler here")\n');
  archive.entry(
    { name: `${folder}/PKG-INFO` },
    `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
  );
  archive.finalize();
  return { name, version, file: `${folder}.tar.gz`, bytes: gzipSync(await buffer(archive)) };
}

export const digest = (algorithm: "sha1" | "sha256" | "sha512", bytes: Buffer, as: "hex" | "base64") =>
  createHash(algorithm).update(bytes).digest(as);

/** Stored, not deflated: a local header before each file, the directory of them all, and its end. */
function zip(files: ReadonlyArray<[path: string, content: string]>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [path, content] of files) {
    const name = Buffer.from(path);
    const bytes = Buffer.from(content);
    // Version 2.0, no flags, stored, the first day that there is.
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x21, 8);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(bytes.length, 14);
    facts.writeUInt32LE(bytes.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    // An ordinary file that all may read.
    place.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    place.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), facts, name, bytes]);
    directory.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), facts, place, name);
    parts.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, listed, Buffer.from("PK\x05\x06"), end]);
}
