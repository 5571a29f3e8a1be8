import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import type { PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { Page } from "@/components/frame/page";
import { AppError } from "@/lib/errors";
import { sessionQuery } from "@/lib/sessions/queries";
import { getSession } from "@/lib/sessions/store.server";
import { requireUser } from "@/lib/web/session.server";
import { SessionActions } from "./session-actions";
import { SessionView } from "./session-view";

const find = cache(async (id: string) => {
  try {
    return await getSession(id);
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: PageInput<{ id: string }>): Promise<Metadata> {
  await requireUser();
  return { title: (await find((await params).id)).name };
}

export default async function SessionPage({ params }: PageInput<{ id: string }>) {
  await requireUser();
  const session = await find((await params).id);
  const client = makeQueryClient();
  client.setQueryData(sessionQuery(session.id).queryKey, session);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page
        width="full"
        crumbs={[{ label: "Sessions", href: "/sessions" }, { label: session.name }]}
        action={<SessionActions id={session.id} />}
      >
        <SessionView id={session.id} />
      </Page>
    </HydrationBoundary>
  );
}
