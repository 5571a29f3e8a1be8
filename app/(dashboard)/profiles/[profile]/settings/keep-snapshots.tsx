"use client";

import { Section } from "@/components/ui/panel";
import { keepSnapshots } from "@/lib/profiles/wire";
import { NumberSetting } from "./number-setting";

const limits = { rule: keepSnapshots, min: 1, max: 50 };

/** How many snapshots can be rolled back to. */
export function KeepSnapshots({ slug }: { slug: string }) {
  return (
    <Section
      title="Snapshots to keep"
      description="Of each version the newest ready ones stay, and always the serving one and those that sessions use. Older images are removed within minutes; their logs stay."
    >
      <NumberSetting
        slug={slug}
        name="keepSnapshots"
        limits={limits}
        label="Ready snapshots of each version"
        save="Save number"
      />
    </Section>
  );
}
