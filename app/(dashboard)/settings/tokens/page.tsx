import type { Metadata } from "next";
import { Section } from "@/components/ui/panel";
import { listTokens } from "@/lib/users/store.server";
import { requireUser } from "@/lib/web/session.server";
import { NewTokenButton } from "./new-token";
import { TokenTable } from "./token-table";

export const metadata: Metadata = { title: "API tokens" };

export default async function TokensPage() {
  await requireUser("admin");
  return (
    <Section
      title="API tokens"
      description="For scripts and other services: each acts with its own role, and is revoked at once."
      actions={<NewTokenButton />}
    >
      <TokenTable tokens={await listTokens()} />
    </Section>
  );
}
