"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useId, useRef, useState } from "react";
import { cn } from "@/components/cn";
import { TerminalBar } from "@/components/terminal/terminal-bar";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { terminalsQuery } from "@/lib/terminals/queries";
import { MOST_TERMINALS, type TerminalWire, type Whose } from "@/lib/terminals/wire";
import { useShells } from "./use-shells";

/** The emulator is large, and only wanted here. */
const TerminalPane = dynamic(
  () => import("@/components/terminal/terminal-pane").then(({ TerminalPane }) => TerminalPane),
  { ssr: false, loading: () => <Waiting what="the terminal" /> },
);

function Waiting({ what }: { what: string }) {
  return (
    <Loading what={what} className="flex-1 bg-sunken p-4">
      <Skeleton className="h-4 w-40" />
    </Loading>
  );
}

/** Shells in a container, as tabs. @param closed why there can be none */
export function TerminalTabs({ whose, closed }: { whose: Whose; closed: string | null }) {
  const { data, error } = useQuery({ ...terminalsQuery(whose), enabled: closed === null });
  if (closed)
    return (
      <div className="flex-1 bg-sunken p-4">
        <Notice kind="info">{closed}</Notice>
      </div>
    );
  if (error)
    return (
      <div className="flex-1 bg-sunken p-4">
        <Notice kind="failed">{error.message}</Notice>
      </div>
    );
  if (!data) return <Waiting what="its shells" />;
  return <ShellTabs whose={whose} there={data.items} />;
}

function ShellTabs({ whose, there }: { whose: Whose; there: readonly TerminalWire[] }) {
  const shells = useShells(whose, there);
  const [searching, setSearching] = useState(false);
  const [screenReader, setScreenReader] = useState(false);
  const help = useRef<HTMLButtonElement>(null);
  const { open, active } = shells;
  const ids = useId();
  const tabs = open.map(({ key, number }) => ({
    ...{ key, label: `Shell ${number}` },
    ...{ id: `${ids}-tab-${key}`, panelId: `${ids}-panel-${key}` },
  }));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <TerminalBar
        tabs={tabs}
        active={active}
        full={open.length >= MOST_TERMINALS ? `There are at most ${MOST_TERMINALS} shells` : null}
        screenReader={screenReader}
        onChoose={shells.choose}
        onAdd={shells.add}
        onClose={shells.remove}
        onSearch={() => setSearching(true)}
        onScreenReader={setScreenReader}
        help={help}
      />
      {open.map(({ key, terminal }) => (
        <div
          key={key}
          id={`${ids}-panel-${key}`}
          role="tabpanel"
          aria-labelledby={`${ids}-tab-${key}`}
          className={cn("min-h-0 flex-1 flex-col", key === active ? "flex" : "hidden")}
        >
          <TerminalPane
            whose={whose}
            terminal={terminal}
            active={key === active}
            screenReader={screenReader}
            searching={searching}
            onSearching={setSearching}
            onTerminal={(id) => shells.setTerminal(key, id)}
            onUnwanted={shells.end}
            onLeave={() => help.current?.focus()}
            onRestart={() => shells.restart(key)}
            onShell={(close) => shells.setCloser(key, close)}
          />
        </div>
      ))}
      {open.length === 0 ? (
        <div className="flex flex-1 flex-col items-start gap-3 bg-sunken p-4 text-sm text-muted">
          No shell is open.
          <Button autoFocus onClick={shells.add}>
            New shell
          </Button>
        </div>
      ) : null}
    </div>
  );
}
