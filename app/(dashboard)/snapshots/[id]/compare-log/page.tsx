import type { Metadata } from "next";
import type { PageInput } from "@/app/page-input";
import { Page } from "@/components/frame/page";
import { nameOf } from "@/components/snapshots/words";
import { findLastGood } from "@/lib/snapshots/last-good.server";
import { requireUser } from "@/lib/web/session.server";
import { loadSnapshot } from "../load.server";
import { CompareLogView } from "./compare-log-view";

export async function generateMetadata({ params }: PageInput<{ id: string }>): Promise<Metadata> {
  await requireUser();
  return { title: `What is new in the log of ${nameOf(await loadSnapshot((await params).id))}` };
}

export default async function CompareLogPage({ params }: PageInput<{ id: string }>) {
  await requireUser();
  const snapshot = await loadSnapshot((await params).id);
  const { id, profile, number } = snapshot;
  return (
    <Page
      crumbs={[
        { label: profile.name, href: `/profiles/${profile.slug}` },
        { label: `Snapshot #${number}`, href: `/snapshots/${id}` },
        { label: "What is new in its log" },
      ]}
    >
      <CompareLogView snapshot={snapshot} lastGood={await findLastGood(id)} />
    </Page>
  );
}
