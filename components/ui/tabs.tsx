"use client";

import { Tabs as BaseTabs } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export interface TabItem<Value extends string> {
  value: Value;
  label: string;
  /** What is under it; made when it is chosen. */
  content: ReactNode;
}

/** Parts of one page, one at a time. Arrow keys move between them. */
export function Tabs<Value extends string>({
  label,
  tabs,
  value,
  onChange,
}: {
  label: string;
  tabs: readonly TabItem<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}) {
  return (
    <BaseTabs.Root
      value={value}
      onValueChange={(chosen: unknown) => {
        const tab = tabs.find((each) => each.value === chosen);
        if (tab) onChange(tab.value);
      }}
      className="flex min-h-0 min-w-0 flex-1 flex-col"
    >
      <BaseTabs.List
        aria-label={label}
        className="no-print flex shrink-0 gap-1 overflow-x-auto border-b px-2 [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <BaseTabs.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-9 shrink-0 items-center border-b-2 border-transparent px-2.5 text-sm text-muted transition-colors -outline-offset-2 hover:text-ink data-active:border-ink data-active:font-medium data-active:text-ink"
          >
            {tab.label}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {tabs.map((tab) => (
        <BaseTabs.Panel
          key={tab.value}
          value={tab.value}
          className="flex min-h-0 min-w-0 flex-1 flex-col -outline-offset-2"
        >
          {tab.content}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}
