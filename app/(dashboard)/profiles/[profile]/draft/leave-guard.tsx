"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Confirm } from "@/components/ui/confirm";
import type { DraftStore } from "./draft-store";

/** What a save in the background can't put right. */
const stuck = (store: DraftStore) => !["saved", "dirty", "saving"].includes(store.view().save.kind);

/** The page that a press would go to, if it leaves this profile in this tab. */
function destinationOf(event: MouseEvent, base: string): URL | null {
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return null;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === "_blank") return null;
  const url = new URL(link.href);
  const stays =
    url.origin === window.location.origin && (url.pathname === base || url.pathname.startsWith(`${base}/`));
  return stays ? null : url;
}

/** Warns before unsaved text is left behind: by closing the page, or by a link out of the profile. */
export function LeaveGuard({ store, slug }: { store: DraftStore; slug: string }) {
  const router = useRouter();
  const [going, setGoing] = useState<URL | null>(null);
  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent) => {
      if (store.unsaved()) event.preventDefault();
    };
    const onClick = (event: MouseEvent) => {
      const url = stuck(store) ? destinationOf(event, `/profiles/${slug}`) : null;
      if (!url) return;
      event.preventDefault();
      event.stopPropagation();
      setGoing(url);
    };
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, true);
    };
  }, [store, slug]);
  return (
    <Confirm
      open={going !== null}
      onOpenChange={() => setGoing(null)}
      title="Leave without saving?"
      confirmLabel="Leave"
      keepLabel="Stay"
      onConfirm={() => {
        if (!going) return;
        setGoing(null);
        router.push(`${going.pathname}${going.search}${going.hash}`);
      }}
    >
      Some of what you typed isn't saved. This tab keeps it until you close it, so you can come back to it.
    </Confirm>
  );
}
