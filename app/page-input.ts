/** What Next hands to a page. Written out, so that it needs no generated types. */
export interface PageInput<Params extends Record<string, string> = Record<string, string>> {
  params: Promise<Params>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** The one value of a search parameter: of several, the first. */
export function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
