import type { Metadata } from "next";
import { Section } from "@/components/ui/panel";
import { listSecrets } from "@/lib/secrets/store.server";
import type { SecretWire } from "@/lib/secrets/wire";
import { includesRole } from "@/lib/users/roles";
import { requireUser } from "@/lib/web/session.server";
import { NewSecretButton } from "./secret-form";
import { SecretTable } from "./secret-table";

export const metadata: Metadata = { title: "Secrets" };

export default async function SecretsPage() {
  const { role } = await requireUser();
  const mayChange = includesRole(role, "operator");
  return (
    <Section
      title="Secrets"
      description="Values that builds are given and that no image, log or page ever shows."
      actions={mayChange ? <NewSecretButton /> : null}
    >
      <SecretTable secrets={await allSecrets()} mayChange={mayChange} />
    </Section>
  );
}

async function allSecrets(): Promise<SecretWire[]> {
  const all: SecretWire[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const page: Awaited<ReturnType<typeof listSecrets>> = await listSecrets({ cursor, limit: 100 });
    all.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  }
  return all;
}
