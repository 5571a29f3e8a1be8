import { ImageOff } from "lucide-react";

/** Says that an image was deleted behind Kiln's back, and what follows. Nothing when there is nothing to say. */
export function LostImage({ words }: { words: string | null | undefined }) {
  if (!words) return null;
  return (
    <p className="flex items-start gap-1.5 text-sm text-ink">
      <ImageOff className="mt-0.5 size-3.5 shrink-0" aria-hidden="true" />
      <span className="min-w-0 wrap-anywhere">{words}</span>
    </p>
  );
}
