"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { toast } from "@/components/ui/toast";
import { AppError } from "@/lib/errors";
import { closeTerminal, terminalsQuery } from "@/lib/terminals/queries";
import type { TerminalWire, Whose } from "@/lib/terminals/wire";

interface OpenShell {
  key: string;
  /** Null until it has been started. */
  terminal: string | null;
  number: number;
}

interface Shells {
  open: readonly OpenShell[];
  active: string | null;
  made: number;
}

const MOST_TRIES = 8;

function begin(there: readonly TerminalWire[]): Shells {
  const open = there.map(({ id }, index) => ({ key: id, terminal: id, number: index + 1 }));
  // Whoever comes for a terminal wants one.
  const all = open.length > 0 ? open : [{ key: "new-1", terminal: null, number: 1 }];
  return { open: all, active: all.at(-1)?.key ?? null, made: all.length };
}

/** The page's shells: those that were there when it was opened, and what has become of them. */
export function useShells({ kind, id }: Whose, there: readonly TerminalWire[]) {
  const [shells, setShells] = useState(() => begin(there));
  const closers = useRef(new Map<string, () => void>());
  const client = useQueryClient();
  // While there is no network it waits for it; the tab is gone already.
  const { mutate: end } = useMutation({
    mutationFn: (terminal: string) => closeTerminal({ kind, id }, terminal),
    retry: (failures, error) => failures < MOST_TRIES && !(error instanceof AppError && error.status < 500),
    onError: ({ message }) =>
      toast({
        kind: "failed",
        title: "The shell of a closed tab goes on",
        description: `${message} It is ended when nobody has looked at it for a while.`,
      }),
  });

  const add = useCallback(
    () =>
      setShells(({ open, made }) => {
        const number = made + 1;
        const key = `new-${number}`;
        return { open: [...open, { key, terminal: null, number }], active: key, made: number };
      }),
    [],
  );
  const remove = useCallback((key: string) => {
    closers.current.get(key)?.();
    setShells(({ open, active, made }) => {
      const at = open.findIndex((each) => each.key === key);
      const left = open.filter((each) => each.key !== key);
      const next = active === key ? (left.at(Math.min(at, left.length - 1))?.key ?? null) : active;
      return { open: left, active: next, made };
    });
  }, []);
  /** Another shell in the place of one that has ended. */
  const restart = useCallback(
    (key: string) =>
      setShells(({ open, active, made }) => {
        const renewed = `new-${made + 1}`;
        return {
          open: open.map((each) => (each.key === key ? { ...each, key: renewed, terminal: null } : each)),
          active: active === key ? renewed : active,
          made: made + 1,
        };
      }),
    [],
  );
  const setTerminal = useCallback(
    (key: string, terminal: string) => {
      setShells((before) => ({
        ...before,
        open: before.open.map((each) => (each.key === key ? { ...each, terminal } : each)),
      }));
      // Whoever comes back to this tab of the page finds what there is then.
      client.removeQueries({ queryKey: terminalsQuery({ kind, id }).queryKey, type: "inactive" });
    },
    [client, kind, id],
  );
  const choose = useCallback((active: string) => setShells((before) => ({ ...before, active })), []);
  const setCloser = useCallback((key: string, close: (() => void) | null) => {
    if (close) closers.current.set(key, close);
    else closers.current.delete(key);
  }, []);
  return { ...shells, add, remove, restart, setTerminal, choose, setCloser, end };
}
