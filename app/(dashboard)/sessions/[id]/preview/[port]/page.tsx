import { AppWindow } from "lucide-react";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { one, type PageInput } from "@/app/page-input";
import { Page } from "@/components/frame/page";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { AppError } from "@/lib/errors";
import { activityLink } from "@/lib/previews/links";
import { dashboardHostOf, openPreview } from "@/lib/previews/open.server";
import { openPreviewSchema } from "@/lib/previews/wire";
import { requireUser, userActor } from "@/lib/web/session.server";

export async function generateMetadata(): Promise<Metadata> {
  await requireUser("operator");
  return { title: "Preview" };
}

/** Leads to a preview of the session's port, which is on a host of its own; or says why it can't. */
export default async function PreviewPage({ params, searchParams }: PageInput<{ id: string; port: string }>) {
  const user = await requireUser("operator");
  const { id, port } = await params;
  const wish = openPreviewSchema.safeParse({ port: Number(port), path: one((await searchParams).path) });
  if (!wish.success) notFound();
  const dashboardHost = dashboardHostOf(await headers());
  const credential = { kind: "sign_in" as const, id: user.signInId };
  const opened = await openPreview(userActor(user), id, credential, { ...wish.data, dashboardHost }).catch(
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      if (error.status === 404) notFound();
      return error;
    },
  );
  if (!(opened instanceof AppError)) redirect(opened.url);
  return (
    <Page crumbs={[{ label: "Sessions", href: "/sessions" }, { label: "Preview" }]}>
      <EmptyState
        level={1}
        icon={<AppWindow />}
        title={`Port ${wish.data.port} can’t be previewed now`}
        actions={<ButtonLink href={activityLink(id)}>Go to the session</ButtonLink>}
      >
        {opened.message}
      </EmptyState>
    </Page>
  );
}
