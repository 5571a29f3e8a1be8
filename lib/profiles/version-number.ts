import { notFound } from "@/lib/errors";

/** A version's number out of a path. @throws AppError 404 for anything that can't be one. */
export function versionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw notFound("version");
  return Number(text);
}
