/** The key that secrets are encrypted with: the environment's, or one that is made once in the data folder. */
import { hkdfSync, randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { env } from "@/lib/env.server";

/** 32 bytes for AES-256, the same in every process that is told the same. */
export function secretKey(): Uint8Array {
  const { KILN_SECRET_KEY, KILN_DATA_DIR } = env();
  return keyFrom(KILN_SECRET_KEY ?? keptKey(path.join(KILN_DATA_DIR, "secret-key")));
}

/** Any text of enough entropy becomes a key of the right length. */
export function keyFrom(text: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", text, "", "kiln secrets", 32));
}

/** Reads the file; makes it when there is none. */
export function keptKey(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    const made = `${file}.${randomBytes(6).toString("hex")}`;
    writeFileSync(made, randomBytes(48).toString("base64url"), { mode: 0o600 });
    try {
      // Two processes may be here at once: a link takes no name that is taken, so one of the keys stays.
      linkSync(made, file);
    } catch (error) {
      if (!existsSync(file)) throw error;
    } finally {
      rmSync(made);
    }
  }
  return readFileSync(file, "utf8").trim();
}
