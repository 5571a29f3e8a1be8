"use client";

import "@xterm/xterm/css/xterm.css";
import { useCallback, useEffect, useRef, useState } from "react";
import { type ConnectionState, TerminalConnection } from "@/lib/terminals/connection";
import { askForTicket } from "@/lib/terminals/queries";
import { terminalPath, type Whose } from "@/lib/terminals/wire";
import { ConnectionLine } from "./connection-line";
import { type Emulator, openXterm } from "./open-xterm";
import { TerminalKeys } from "./terminal-keys";
import { TerminalSearch } from "./terminal-search";

export interface TerminalPaneProps {
  whose: Whose;
  /** Null for a shell that is to be started. */
  terminal: string | null;
  active: boolean;
  screenReader: boolean;
  searching: boolean;
  onSearching: (searching: boolean) => void;
  onTerminal: (id: string) => void;
  /** Its tab was closed, and this shell is to be ended. */
  onUnwanted: (id: string) => void;
  onLeave: () => void;
  onRestart: () => void;
  /** Is given what ends the shell. */
  onShell: (close: (() => void) | null) => void;
}

const addressOf = (whose: Whose) => {
  const url = new URL(`/api/v1${terminalPath(whose)}/terminal`, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
};

/** Whoever answers a dialog, fills a field in or moves along the tabs mustn't find the rest of it typed into a shell that came meanwhile. */
const isBusyElsewhere = () =>
  document.activeElement?.closest('[role="dialog"], [role="alertdialog"], [role="tab"], input') != null;

/** One shell. It stays connected while another one is looked at. */
export function TerminalPane(props: TerminalPaneProps) {
  const { whose, active, screenReader, searching, onSearching, onRestart } = props;
  const { kind, id } = whose;
  const place = useRef<HTMLDivElement>(null);
  const emulator = useRef<Emulator>(null);
  const connection = useRef<TerminalConnection>(null);
  const latest = useRef(props);
  const [state, setState] = useState<ConnectionState>({ kind: "connecting" });
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!place.current) return;
    const now = openXterm(
      place.current,
      { onSearch: () => latest.current.onSearching(true), onLeave: () => latest.current.onLeave() },
      latest.current.screenReader,
    );
    const { terminal } = now;
    const sizeOf = () => ({ columns: terminal.cols, rows: terminal.rows });
    const resizeTo = ({ columns, rows }: { columns: number; rows: number }) => terminal.resize(columns, rows);
    const link = new TerminalConnection(
      addressOf({ kind, id }),
      latest.current.terminal,
      (wanted) => askForTicket({ kind, id }, wanted ? { terminal: wanted } : {}),
      {
        onState: setState,
        onTerminal: (id) => latest.current.onTerminal(id),
        onUnwanted: (id) => latest.current.onUnwanted(id),
        onScreen: (size) => {
          terminal.reset();
          resizeTo(size);
        },
        onSize: resizeTo,
        onOutput: (data) => terminal.write(data, () => link.shown(data.length)),
      },
      sizeOf(),
    );
    emulator.current = now;
    connection.current = link;
    latest.current.onShell(() => link.closeShell());
    terminal.onData((text) => link.type(text));
    terminal.onBinary((text) => link.type(text));
    // Also when somebody else who looks has changed it: it is the size then that is agreed upon.
    terminal.onResize(() => link.resize(sizeOf()));
    const online = () => link.retry();
    const offline = () => link.drop();
    window.addEventListener("online", online);
    window.addEventListener("offline", offline);
    return () => {
      window.removeEventListener("online", online);
      window.removeEventListener("offline", offline);
      latest.current.onShell(null);
      link.dispose();
      now.dispose();
      emulator.current = null;
    };
  }, [kind, id]);

  const connected = state.kind === "connected";
  useEffect(() => {
    if (!active) return;
    emulator.current?.fill();
    if (!isBusyElsewhere()) emulator.current?.terminal.focus();
  }, [active]);
  useEffect(() => {
    // The size of before the screen came was somebody else's.
    if (connected && active) emulator.current?.fill();
  }, [connected, active]);
  useEffect(() => {
    if (emulator.current) emulator.current.terminal.options.screenReaderMode = screenReader;
  }, [screenReader]);

  const closeSearch = useCallback(() => {
    emulator.current?.search.clearDecorations();
    onSearching(false);
    emulator.current?.terminal.focus();
  }, [onSearching]);
  const send = useCallback((text: string) => {
    connection.current?.type(text);
    emulator.current?.terminal.focus();
  }, []);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col bg-sunken">
      {searching && active ? (
        <TerminalSearch find={(text, back) => find(emulator.current, text, back)} onClose={closeSearch} />
      ) : null}
      <div className="min-h-0 flex-1 overflow-hidden py-2 pl-3">
        <div ref={place} className="h-full font-mono" />
      </div>
      <TerminalKeys onKey={send} />
      <ConnectionLine state={state} onRetry={() => connection.current?.retry()} onRestart={onRestart} />
    </div>
  );
}

function find(emulator: Emulator | null, text: string, back: boolean): boolean {
  if (!emulator) return false;
  return back ? emulator.search.findPrevious(text) : emulator.search.findNext(text);
}
