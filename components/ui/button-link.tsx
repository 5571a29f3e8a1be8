import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/cn";
import { type ButtonLook, buttonClass } from "./button-class";
import { Link } from "./link";

/** A link that looks like a button: it goes somewhere, so it opens in a new tab on middle click. */
export function ButtonLink({
  variant,
  size,
  icon,
  className,
  children,
  ...rest
}: ComponentProps<typeof Link> & ButtonLook & { icon?: ReactNode }) {
  return (
    <Link {...rest} className={cn(buttonClass({ variant, size }), className)}>
      {icon}
      {children}
    </Link>
  );
}
