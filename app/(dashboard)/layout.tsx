import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { makeQueryClient } from "@/app/query-client";
import { Frame } from "@/components/frame/frame";
import { railSchema, themeSchema } from "@/components/frame/theme-cookie";
import { LiveEvents } from "@/components/live/live-events";
import { unreadQuery } from "@/lib/inbox/queries";
import { countUnread } from "@/lib/inbox/store.server";
import { requireUser } from "@/lib/web/session.server";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { id, name, email, role } = await requireUser();
  const jar = await cookies();
  const client = makeQueryClient();
  client.setQueryData(unreadQuery().queryKey, { unread: await countUnread(id) });
  return (
    <LiveEvents>
      <HydrationBoundary state={dehydrate(client)}>
        <Frame
          user={{ id, name, email, role }}
          theme={themeSchema.parse(jar.get("theme")?.value)}
          wide={railSchema.parse(jar.get("rail")?.value) === "wide"}
        >
          {children}
        </Frame>
      </HydrationBoundary>
    </LiveEvents>
  );
}
