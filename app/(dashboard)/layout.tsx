import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Frame } from "@/components/frame/frame";
import { railSchema, themeSchema } from "@/components/frame/theme-cookie";
import { LiveEvents } from "@/components/live/live-events";
import { requireUser } from "@/lib/web/session.server";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { id, name, email, role } = await requireUser();
  const jar = await cookies();
  return (
    <LiveEvents>
      <Frame
        user={{ id, name, email, role }}
        theme={themeSchema.parse(jar.get("theme")?.value)}
        wide={railSchema.parse(jar.get("rail")?.value) === "wide"}
      >
        {children}
      </Frame>
    </LiveEvents>
  );
}
