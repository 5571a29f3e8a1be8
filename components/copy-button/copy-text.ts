import { toast } from "@/components/ui/toast";

/** Puts a text on the clipboard. @returns whether it did; a refusal has been told to the person. */
export async function copyText(value: string | (() => Promise<string>)): Promise<boolean> {
  let text: string;
  try {
    text = typeof value === "string" ? value : await value();
  } catch {
    toast({ kind: "failed", title: "The text could not be loaded.", description: "Try again." });
    return false;
  }
  try {
    await writeClipboard(text);
    return true;
  } catch {
    toast({
      kind: "failed",
      title: "The browser refused to copy.",
      description: "Select the text and copy it by hand.",
    });
    return false;
  }
}

/** `navigator.clipboard` exists only on https and localhost; elsewhere the old way does it. */
async function writeClipboard(value: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(value);
  const area = document.createElement("textarea");
  area.value = value;
  area.style.position = "fixed";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy refused");
}
