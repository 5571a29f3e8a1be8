"use client";

import { extendSession } from "@/app/actions/sessions";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { LifeLeft } from "@/components/sessions/life-left";
import { useNow } from "@/components/time/now";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { toast } from "@/components/ui/toast";
import type { SessionWire } from "@/lib/sessions/wire";

/** From then on whoever looks at it is warned. */
const WARNED_MS = 15 * 60_000;

/** How long it lives, and an hour more of it; a warning shortly before its end. */
export function KeepLonger({ session }: { session: SessionWire }) {
  const { id, status, expiresAt } = session;
  const mayKeep = useMay("operator");
  const now = useNow(true);
  const extend = useAction(extendSession, () => toast({ kind: "ready", title: "It is kept longer." }));
  if (status !== "running")
    return (
      <p className="text-sm first-letter:uppercase">
        <LifeLeft session={session} />
      </p>
    );
  const ending = Date.parse(expiresAt) - now < WARNED_MS;
  const line = (
    <span className="flex flex-wrap items-center justify-between gap-2">
      <span className="text-sm first-letter:uppercase">
        <LifeLeft session={session} />
      </span>
      {mayKeep ? (
        <Button
          size="sm"
          pending={extend.isPending}
          onClick={() =>
            extend.mutate(
              { id },
              {
                onError: ({ message: description }) =>
                  toast({ kind: "failed", title: "It isn’t kept longer.", description }),
              },
            )
          }
        >
          Keep 1 h more
        </Button>
      ) : null}
    </span>
  );
  return ending ? (
    <Notice kind="info" title="It is stopped soon">
      Its files are kept, and it can be resumed; programs that run in it end. {line}
    </Notice>
  ) : (
    line
  );
}
