"use client";

import { Button as BaseButton } from "@base-ui/react/button";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/cn";
import { Spinner } from "./spinner";
import { Tooltip } from "./tooltip";

export type IconButtonProps = Omit<ComponentProps<"button">, "children" | "ref"> & {
  /** What it does, for the tooltip and for screen readers. */
  label: string;
  icon: ReactNode;
  size?: "sm" | "md";
  pending?: boolean;
  /** Without a tooltip, where the label stands beside it anyway. */
  plain?: boolean;
};

/** A button that is only an icon; its name is in the tooltip. */
export function IconButton({
  label,
  icon,
  size = "md",
  pending = false,
  disabled = false,
  plain = false,
  className,
  ...rest
}: IconButtonProps) {
  const button = (
    <BaseButton
      type="button"
      {...rest}
      aria-label={label}
      aria-busy={pending || undefined}
      disabled={disabled || pending}
      focusableWhenDisabled={pending}
      className={cn(
        "inline-flex shrink-0 items-center justify-center rounded-md text-muted transition-colors select-none",
        "hover:not-data-disabled:bg-hover hover:not-data-disabled:text-ink data-popup-open:bg-hover data-popup-open:text-ink",
        "data-disabled:cursor-not-allowed data-disabled:opacity-50 [&_svg]:size-4",
        size === "sm" ? "size-6 [&_svg]:size-3.5" : "size-8",
        className,
      )}
    >
      {pending ? <Spinner /> : icon}
    </BaseButton>
  );
  return plain ? button : <Tooltip label={label}>{button}</Tooltip>;
}
