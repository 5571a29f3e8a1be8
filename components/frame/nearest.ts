/** How many letters must be added, taken away or changed to get from one word to the other. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The items that `wanted` may be a slip of, the nearest first: a few letters off, or a part of the name. */
export function nearest<Item>(
  wanted: string,
  items: readonly Item[],
  nameOf: (item: Item) => string,
): Item[] {
  const word = wanted.toLowerCase();
  if (word.length < 2) return [];
  const score = (item: Item) => {
    const name = nameOf(item).toLowerCase();
    return name.includes(word) || word.includes(name) ? 0.5 : distance(word, name);
  };
  const limit = Math.max(1, Math.floor(word.length / 3));
  return items
    .map((item) => ({ item, far: score(item) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far)
    .map(({ item }) => item);
}
