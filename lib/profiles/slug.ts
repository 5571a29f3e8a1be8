/** How a profile is named in paths: by its id or by its slug. */
import { isUuid } from "@/lib/uuid";

/** Anything that is neither names no profile; Postgres itself would refuse a NUL. */
export const whereProfile = (idOrSlug: string) =>
  isUuid(idOrSlug) ? { id: idOrSlug } : { slug: idOrSlug.replaceAll("\0", "\uFFFD") };

/** A name's slug: lower-case ASCII letters, digits and single hyphens, at most 60 characters. */
export function slugOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  // A slug that looks like an id could never be found.
  return isUuid(plain) ? `profile-${plain}` : plain || "profile";
}
