/** A hook's signing key follows from the installation's key and the hook's id: nothing of it is kept, and nothing has to be opened. */
import { hkdfSync } from "node:crypto";
import { secretKey } from "@/lib/secrets/key.server";
import { KEY_PREFIX } from "./signature";

export function hookKey(installation: string, id: string): string {
  const info = JSON.stringify(["kiln hook", installation, id]);
  return KEY_PREFIX + Buffer.from(hkdfSync("sha256", secretKey(), "", info, 32)).toString("base64");
}
