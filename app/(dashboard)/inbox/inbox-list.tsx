"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Bell, CheckCheck } from "lucide-react";
import { markRead } from "@/app/actions/inbox";
import { useAction } from "@/app/use-action";
import { MessageRow } from "@/components/inbox/message-row";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { inboxQuery } from "@/lib/inbox/queries";

/** The person's messages, newest first. */
export function InboxList() {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(inboxQuery());
  const read = useAction(markRead);
  const messages = data?.pages.flatMap((page) => page.items) ?? [];
  const unread = data?.pages[0]?.unread ?? 0;
  if (!data)
    return error ? (
      <Notice kind="failed">{error.message}</Notice>
    ) : (
      <Loading what="the inbox">
        <Skeleton className="h-24" />
      </Loading>
    );
  if (messages.length === 0)
    return (
      <EmptyState
        icon={<Bell />}
        title="Nothing has happened that you wanted to hear of"
        actions={<ButtonLink href="/settings/inbox">Choose what you are told</ButtonLink>}
      >
        When a refresh of a profile that you own fails, it is said here.
      </EmptyState>
    );
  return (
    <div className="flex flex-col gap-3">
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      {read.error ? <Notice kind="failed">{read.error.message}</Notice> : null}
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-2">
        <p role="status" className="text-sm text-muted">
          {unread === 0 ? "All read." : `${unread} unread.`}
        </p>
        <Button
          size="sm"
          icon={<CheckCheck />}
          disabled={unread === 0}
          pending={read.isPending && read.variables.ids === undefined}
          onClick={() => read.mutate({})}
        >
          Mark all read
        </Button>
      </div>
      <Panel aria-label="Messages">
        <ul className="divide-y">
          {messages.map((message) => (
            <MessageRow
              key={message.id}
              message={message}
              onOpen={() => {
                if (message.readAt === null) read.mutate({ ids: [message.id] });
              }}
            />
          ))}
        </ul>
      </Panel>
      {hasNextPage ? (
        <Button className="self-center" pending={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Show older messages
        </Button>
      ) : null}
    </div>
  );
}
