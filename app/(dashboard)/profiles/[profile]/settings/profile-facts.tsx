"use client";

import type { ReactNode } from "react";
import { CopyButton } from "@/components/copy-button/copy-button";
import { RelativeTime } from "@/components/time/relative-time";
import { Section } from "@/components/ui/panel";
import { useProfile } from "../use-profile";

/** What the API calls it, and who made it. */
export function ProfileFacts({ slug }: { slug: string }) {
  const profile = useProfile(slug);
  return (
    <Section title="For the API">
      <dl className="grid grid-cols-[5.5rem_1fr] gap-y-1.5 text-sm">
        <Fact name="Slug">
          <Copyable value={profile.slug} label="Copy slug" />
        </Fact>
        <Fact name="Id">
          <Copyable value={profile.id} label="Copy id" />
        </Fact>
        <Fact name="Created">
          <RelativeTime at={profile.createdAt} /> by {profile.createdBy || "Kiln"}
        </Fact>
        <Fact name="Changed">
          <RelativeTime at={profile.updatedAt} /> by {profile.updatedBy || "Kiln"}
        </Fact>
      </dl>
    </Section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Copyable({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-center gap-1 font-mono text-xs leading-5">
      {value}
      <CopyButton value={value} label={label} />
    </span>
  );
}
