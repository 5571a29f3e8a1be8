"use client";

import { Input as BaseInput } from "@base-ui/react/input";
import type { ComponentProps } from "react";
import { cn } from "@/components/cn";
import { controlClass, readOnlyClass } from "./control-class";

/** A line of text. Inside a `Field` its label, hint and error are wired by themselves. */
export function Input({ className, mono = false, ...rest }: ComponentProps<"input"> & { mono?: boolean }) {
  return (
    <BaseInput
      {...rest}
      className={cn(controlClass, readOnlyClass, "h-8 px-2.5", mono && "font-mono", className)}
    />
  );
}
