/** Is this text a UUID? Postgres refuses anything else in a uuid column, so paths are asked first. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);
}
