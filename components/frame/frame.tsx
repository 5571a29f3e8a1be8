import type { ReactNode } from "react";
import { BottomBar } from "./bottom-bar";
import { FrameControls } from "./frame-controls";
import { Rail } from "./rail";
import type { Theme } from "./theme-cookie";
import { type FrameUser, UserProvider } from "./user-context";

/** What stands around every page of the dashboard. */
export function Frame({
  user,
  theme,
  wide,
  children,
}: {
  user: FrameUser;
  theme: Theme;
  wide: boolean;
  children: ReactNode;
}) {
  return (
    <UserProvider user={user}>
      <FrameControls>
        <a
          href="#main"
          className="sr-only focus-visible:not-sr-only focus-visible:fixed focus-visible:top-2 focus-visible:left-2 focus-visible:z-50 focus-visible:rounded-md focus-visible:bg-ink focus-visible:px-3 focus-visible:py-2 focus-visible:text-sm focus-visible:text-on-ink"
        >
          Skip to the content
        </a>
        <div className="flex min-h-dvh">
          <Rail wide={wide} theme={theme} />
          <div className="flex min-w-0 flex-1 flex-col pb-[calc(3.5rem+env(safe-area-inset-bottom))] md:pb-0">
            {children}
          </div>
        </div>
        <BottomBar theme={theme} />
      </FrameControls>
    </UserProvider>
  );
}
