/** A person, as a letter in a circle; their name stands beside it or in the label. */
export function Initial({ name }: { name: string }) {
  return (
    <span
      aria-hidden="true"
      className="flex size-6 shrink-0 items-center justify-center rounded-full bg-selected text-2xs font-semibold text-ink uppercase"
    >
      {[...name.trim()][0] ?? "?"}
    </span>
  );
}
