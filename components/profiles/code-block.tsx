import { CopyButton } from "@/components/copy-button/copy-button";
import { ScrollRegion } from "@/components/ui/scroll-region";

/** A text as it will be run or written, line by line, with a copy button. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  const lines = code.replace(/\n$/, "").split("\n");
  return (
    <div className="relative min-w-0 overflow-hidden rounded-md border bg-sunken">
      <CopyButton
        value={code}
        label={`Copy ${label.charAt(0).toLowerCase()}${label.slice(1)}`}
        className="absolute top-1.5 right-1.5 bg-sunken"
      />
      <ScrollRegion label={label} className="max-h-80 py-2.5 font-mono text-xs leading-5">
        <pre className="grid w-max min-w-full">
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their number
            <code key={index} className="flex pr-10">
              <span aria-hidden="true" className="w-11 shrink-0 pr-4 text-right text-faint select-none">
                {index + 1}
              </span>
              <span>{line || " "}</span>
            </code>
          ))}
        </pre>
      </ScrollRegion>
    </div>
  );
}
