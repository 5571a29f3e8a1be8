"use client";

import { useQuery } from "@tanstack/react-query";
import { PoolFacts } from "@/components/pool/pool-facts";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { poolQuery } from "@/lib/pool/queries";
import { MOST_WARM, poolSize } from "@/lib/pool/wire";
import { NumberSetting } from "./number-setting";

const limits = { rule: poolSize, min: 0, max: MOST_WARM };

/** How many sandboxes wait for sessions of this profile, and what that costs. */
export function WarmPool({ slug }: { slug: string }) {
  const { data: pool, error } = useQuery(poolQuery(slug));
  return (
    <Section
      title="Warm sandboxes"
      description="Started ahead from what new sessions start from: a session that takes one runs at once, and another one takes its place. Without one a session starts as usual. Persistent sessions and those of other versions always do."
    >
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      {pool ? <PoolFacts pool={pool} /> : null}
      <NumberSetting
        slug={slug}
        name="poolSize"
        limits={limits}
        label="Sandboxes kept warm"
        hint={`0 for none, ${MOST_WARM} at most. Each holds a little memory for as long as it waits.`}
        save="Save warm sandboxes"
      />
    </Section>
  );
}
