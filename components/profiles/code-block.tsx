import { CopyButton } from "@/components/copy-button/copy-button";
import { cn } from "@/components/cn";

/** A text as it will be run or written, line by line, with a copy button. */
export function CodeBlock({ label, code, className }: { label: string; code: string; className?: string }) {
  const lines = code.replace(/\n$/, "").split("\n");
  return (
    <div className="group relative min-w-0 overflow-hidden rounded-md border bg-sunken">
      <CopyButton value={code} label={`Copy ${label.toLowerCase()}`} className="absolute top-1.5 right-1.5 bg-sunken" />
      {/* It scrolls, so it must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <pre tabIndex={0} role="region" aria-label={label} className={cn("max-h-80 overflow-auto py-2.5 font-mono text-xs leading-5 -outline-offset-2", className)}>
        <code className="grid w-max min-w-full">
          {lines.map((line, index) => (
            // Lines have no other name than their number.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <span key={index} className="flex pr-10">
              <span aria-hidden="true" className="w-11 shrink-0 pr-4 text-right text-faint select-none">
                {index + 1}
              </span>
              <span className="whitespace-pre">{line || " "}</span>
            </span>
          ))}
        </code>
      </pre>
    </div>
  );
}
