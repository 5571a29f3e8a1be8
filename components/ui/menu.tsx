"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { cn } from "@/components/cn";
import { Link } from "./link";

const itemClass =
  "flex min-h-8 cursor-default items-center gap-2.5 rounded-sm px-2 py-1 text-sm outline-none select-none data-highlighted:bg-hover data-disabled:text-faint [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";

/** A menu that opens from `trigger`, a button of ours. */
export function Menu({
  trigger,
  children,
  align = "end",
  side = "bottom",
}: {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
  side?: "bottom" | "top" | "right";
}) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align={align} side={side} className="z-50 outline-none">
          <BaseMenu.Popup className="max-h-(--available-height) min-w-44 overflow-y-auto rounded-md border border-border bg-raised p-1 shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

export interface MenuItemProps {
  icon?: ReactNode;
  children: ReactNode;
  /** A line more: what it does, or why it can't be done now. */
  note?: string | null;
  onClick: () => void;
  disabled?: boolean;
  danger?: boolean;
}

export function MenuItem({ icon, children, note, onClick, disabled = false, danger = false }: MenuItemProps) {
  return (
    <BaseMenu.Item
      onClick={onClick}
      disabled={disabled}
      className={cn(itemClass, danger && "text-failed [&_svg]:text-failed")}
    >
      {icon}
      {note ? (
        <span className="flex min-w-0 flex-col">
          <span>{children}</span>
          <span className="text-xs text-muted">{note}</span>
        </span>
      ) : (
        children
      )}
    </BaseMenu.Item>
  );
}

export function MenuLink({ icon, children, href }: { icon?: ReactNode; children: ReactNode; href: string }) {
  return (
    <BaseMenu.LinkItem render={<Link href={href} />} closeOnClick className={itemClass}>
      {icon}
      {children}
    </BaseMenu.LinkItem>
  );
}

/** One of several values, with a check at the one that holds. */
export function MenuChoice<Value extends string>({
  label,
  value,
  onValueChange,
  options,
}: {
  label: string;
  value: Value;
  onValueChange: (value: Value) => void;
  options: ReadonlyArray<{ value: Value; label: string; icon?: ReactNode }>;
}) {
  return (
    <BaseMenu.RadioGroup value={value} onValueChange={onValueChange} aria-label={label}>
      {options.map((option) => (
        <BaseMenu.RadioItem key={option.value} value={option.value} closeOnClick className={itemClass}>
          {option.icon}
          <span className="flex-1">{option.label}</span>
          <BaseMenu.RadioItemIndicator>
            <Check aria-hidden="true" />
          </BaseMenu.RadioItemIndicator>
        </BaseMenu.RadioItem>
      ))}
    </BaseMenu.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <div className="px-2 pt-1.5 pb-1 text-xs text-muted">{children}</div>;
}

export function MenuSeparator() {
  return <BaseMenu.Separator className="-mx-1 my-1 h-px bg-border" />;
}
