"use client";

import { Field as BaseField } from "@base-ui/react/field";
import type { ComponentProps } from "react";
import { cn } from "@/components/cn";
import { controlClass, readOnlyClass } from "./control-class";

/** Several lines of text; grows with what is in it where the browser can. */
export function Textarea({
  className,
  mono = false,
  rows = 3,
  ref,
  ...rest
}: ComponentProps<"textarea"> & { mono?: boolean }) {
  return (
    <BaseField.Control
      render={
        <textarea
          {...rest}
          ref={ref}
          rows={rows}
          className={cn(
            controlClass,
            readOnlyClass,
            "field-sizing-content max-h-96 min-h-16 resize-y px-2.5 py-1.5",
            mono && "font-mono",
            className,
          )}
        />
      }
    />
  );
}
