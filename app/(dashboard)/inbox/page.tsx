import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/app/query-client";
import { Page, PageHeader } from "@/components/frame/page";
import { ButtonLink } from "@/components/ui/button-link";
import { inboxQuery } from "@/lib/inbox/queries";
import { listInbox } from "@/lib/inbox/store.server";
import { requireUser } from "@/lib/web/session.server";
import { InboxList } from "./inbox-list";

export const metadata: Metadata = { title: "Inbox" };

export default async function InboxPage() {
  const { id } = await requireUser();
  const client = makeQueryClient();
  const first = await listInbox(id, { limit: 25 });
  client.setQueryData(inboxQuery().queryKey, { pages: [first], pageParams: [""] });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page
        crumbs={[{ label: "Inbox" }]}
        action={
          <ButtonLink href="/settings/inbox" size="sm">
            Choose events
          </ButtonLink>
        }
      >
        <PageHeader
          title="Inbox"
          description="What happened to your profiles, and to whatever else you asked to hear of. Messages are kept for 90 days."
        />
        <InboxList />
      </Page>
    </HydrationBoundary>
  );
}
