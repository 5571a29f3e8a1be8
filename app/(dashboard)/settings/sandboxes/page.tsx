import type { Metadata } from "next";
import { Section } from "@/components/ui/panel";
import { getPersistence } from "@/lib/volumes/allow.server";
import { requireUser } from "@/lib/web/session.server";
import { PersistenceSwitch } from "./persistence-switch";

export const metadata: Metadata = { title: "Sandboxes" };

export default async function SandboxesPage() {
  await requireUser("admin");
  return (
    <Section
      title="Persistent sessions"
      description="A persistent session keeps the folders that its profile names, whatever becomes of its container, until somebody deletes it."
    >
      <PersistenceSwitch {...(await getPersistence())} />
    </Section>
  );
}
