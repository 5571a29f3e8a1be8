"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/components/cn";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { copyText } from "./copy-text";

type Props = {
  /** What goes to the clipboard, or how it is got when it is asked for. */
  value: string | (() => Promise<string>);
  /** "Copy image id" */
  label: string;
  className?: string;
};

/** An icon that copies, and turns into a check when it did. */
export function CopyButton({ value, label, className }: Props) {
  const [copied, copy] = useCopy(value);
  return (
    <>
      <IconButton
        label={copied ? "Copied" : label}
        size="sm"
        icon={copied ? <Check className="text-ready" /> : <Copy />}
        onClick={copy}
        className={cn("relative z-1", className)}
      />
      <Announce copied={copied} />
    </>
  );
}

/** The same with its words, for what is copied once and for good: a token. */
export function CopyTextButton({ value, label, className }: Props) {
  const [copied, copy] = useCopy(value);
  return (
    <>
      <Button
        icon={copied ? <Check className="text-ready" /> : <Copy />}
        onClick={copy}
        className={className}
      >
        {copied ? "Copied" : label}
      </Button>
      <Announce copied={copied} />
    </>
  );
}

function Announce({ copied }: { copied: boolean }) {
  return (
    <span role="status" className="sr-only">
      {copied ? "Copied" : ""}
    </span>
  );
}

function useCopy(value: Props["value"]): [boolean, () => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    void copyText(value).then(setCopied);
  };
  return [copied, copy];
}
