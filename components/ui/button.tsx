"use client";

import { Button as BaseButton } from "@base-ui/react/button";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/cn";
import { type ButtonLook, buttonClass } from "./button-class";
import { Spinner } from "./spinner";
import { Tooltip } from "./tooltip";

export type ButtonProps = Omit<ComponentProps<"button">, "ref"> &
  ButtonLook & {
    icon?: ReactNode;
    /** The action runs: shows a spinner, keeps its width and focus, and ignores presses. */
    pending?: boolean;
    /** Why it can't be pressed now; disables it, and is shown on hover and focus. */
    disabledReason?: string | null | undefined;
  };

/** A button. Disabled with a reason it stays reachable by keyboard, so that everybody can learn why. */
export function Button({
  variant,
  size,
  icon,
  pending = false,
  disabled = false,
  disabledReason,
  className,
  children,
  type = "button",
  ...rest
}: ButtonProps) {
  const button = (
    <BaseButton
      {...rest}
      type={type}
      disabled={disabled || pending || Boolean(disabledReason)}
      focusableWhenDisabled={pending || Boolean(disabledReason)}
      aria-busy={pending || undefined}
      aria-description={disabledReason ?? undefined}
      className={cn(buttonClass({ variant, size }), className)}
    >
      {pending ? <Spinner /> : icon}
      {children}
    </BaseButton>
  );
  return disabledReason ? <Tooltip label={disabledReason}>{button}</Tooltip> : button;
}
