"use client";

import { Toast } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { cn } from "@/components/cn";
import { IconButton } from "./icon-button";
import { Link } from "./link";
import { type ToastData, toasts } from "./toast";

/** Where toasts appear: bottom right, above the phone's bar. F6 goes there. */
export function Toaster({ children }: { children: React.ReactNode }) {
  return (
    <Toast.Provider toastManager={toasts} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="no-print fixed right-4 bottom-20 z-50 flex w-[min(22rem,calc(100vw-2rem))] flex-col-reverse gap-2 md:bottom-4">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { toasts: shown } = Toast.useToastManager<ToastData>();
  return shown.map((item) => (
    <Toast.Root
      key={item.id}
      toast={item}
      swipeDirection={["right", "down"]}
      className="rounded-lg border border-border bg-raised shadow-float transition-[opacity,translate] data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-start gap-2.5 py-2.5 pr-2 pl-3">
        <Icon kind={item.data?.kind ?? "info"} />
        <div className="flex min-w-0 flex-1 flex-col gap-0.5 py-0.5 text-sm">
          <Toast.Title className="font-medium" />
          <Toast.Description className="text-muted" />
          {item.data?.link ? (
            <Link
              href={item.data.link.href}
              onClick={() => toasts.close(item.id)}
              className="self-start font-medium underline underline-offset-2"
            >
              {item.data.link.label}
            </Link>
          ) : null}
        </div>
        {/* Base UI hides it from screen readers until it is focused: they would come by Tab to what isn't there. */}
        <Toast.Close
          aria-hidden={false}
          render={<IconButton label="Dismiss" size="sm" icon={<X />} plain />}
        />
      </Toast.Content>
    </Toast.Root>
  ));
}

const icons = { info: Info, ready: CircleCheck, failed: CircleAlert };
const inks = { info: "text-muted", ready: "text-ready", failed: "text-failed" };

function Icon({ kind }: { kind: ToastData["kind"] }) {
  const Shape = icons[kind];
  return <Shape className={cn("mt-1 size-4 shrink-0", inks[kind])} aria-hidden="true" />;
}
