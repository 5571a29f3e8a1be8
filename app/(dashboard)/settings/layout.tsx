import type { ReactNode } from "react";
import { Page, PageHeader } from "@/components/frame/page";
import { LinkTabs } from "@/components/ui/link-tabs";
import { requireUser } from "@/lib/web/session.server";

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const { role } = await requireUser();
  const tabs = [
    { href: "/settings", label: "Account" },
    { href: "/settings/inbox", label: "Your notifications" },
    { href: "/settings/secrets", label: "Secrets" },
  ];
  if (role === "admin")
    tabs.push(
      { href: "/settings/users", label: "Users" },
      { href: "/settings/tokens", label: "API tokens" },
      { href: "/settings/notifications", label: "Channels" },
      { href: "/settings/sandboxes", label: "Sandboxes" },
    );
  return (
    <Page crumbs={[{ label: "Settings" }]}>
      <div className="flex flex-col gap-4">
        <PageHeader title="Settings" />
        <div className="border-b">
          <LinkTabs label="Settings" tabs={tabs} />
        </div>
      </div>
      {children}
    </Page>
  );
}
