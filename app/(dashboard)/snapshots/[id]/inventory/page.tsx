import type { Metadata } from "next";
import type { PageInput } from "@/app/page-input";
import { Page, PageHeader } from "@/components/frame/page";
import { nameOf } from "@/components/snapshots/words";
import { ButtonLink } from "@/components/ui/button-link";
import { requireUser } from "@/lib/web/session.server";
import { loadSnapshot } from "../load.server";
import { WholeInventory } from "./whole-inventory";

export async function generateMetadata({ params }: PageInput<{ id: string }>): Promise<Metadata> {
  await requireUser();
  return { title: `In ${nameOf(await loadSnapshot((await params).id))}` };
}

export default async function InventoryPage({ params }: PageInput<{ id: string }>) {
  await requireUser();
  const { id, profile, version, number } = await loadSnapshot((await params).id);
  return (
    <Page
      crumbs={[
        { label: profile.name, href: `/profiles/${profile.slug}` },
        { label: `Snapshot #${number}`, href: `/snapshots/${id}` },
        { label: "What is in it" },
      ]}
      action={<ButtonLink href={`/snapshots/${id}/compare`}>What changed</ButtonLink>}
    >
      <PageHeader title={`What is in #${number}`} description={`${profile.name}, version ${version}`} />
      <WholeInventory id={id} />
    </Page>
  );
}
