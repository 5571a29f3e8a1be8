"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { clearCaches } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { CacheTable } from "@/components/profiles/cache-table";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { cachesQuery } from "@/lib/caches/queries";
import { formatSize } from "@/lib/format";

/** What builds of this profile keep between them, and the way to get rid of it. */
export function CacheList({ slug }: { slug: string }) {
  const { data: caches = [], error } = useQuery(cachesQuery(slug));
  const mayClear = useMay("operator");
  /** The path of one; empty for all; null while nothing is asked. */
  const [asking, setAsking] = useState<string | null>(null);
  const clear = useAction(clearCaches, () => setAsking(null));
  const bytes = caches.reduce((sum, cache) => sum + (cache.bytes ?? 0), 0);
  const clearable = caches.some(({ clearRequestedAt }) => !clearRequestedAt);
  return (
    <Section
      title="Caches"
      description={
        caches.length > 0
          ? `${formatSize(bytes)} that builds of this profile share. Nothing of it is in an image.`
          : "No build of this profile has used a cache yet. Name folders under Caches in a draft."
      }
      actions={
        mayClear && caches.length > 1 && clearable ? (
          <Button onClick={() => setAsking("")}>Clear all caches</Button>
        ) : null
      }
    >
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      {caches.length > 0 ? (
        <CacheTable
          caches={caches}
          control={
            mayClear
              ? ({ path, clearRequestedAt }) =>
                  clearRequestedAt ? null : (
                    <Button size="sm" onClick={() => setAsking(path)}>
                      Clear<span className="sr-only"> {path}</span>
                    </Button>
                  )
              : null
          }
        />
      ) : null}
      <Confirm
        open={asking !== null}
        onOpenChange={() => {
          setAsking(null);
          clear.reset();
        }}
        title={asking ? `Clear ${asking}?` : "Clear all caches?"}
        confirmLabel={asking ? "Clear cache" : "Clear all caches"}
        onConfirm={() => clear.mutate({ profile: slug, ...(asking ? { path: asking } : {}) })}
        pending={clear.isPending}
        error={clear.error?.message}
      >
        The next build downloads it again. Builds that use it now go on; it is cleared when they have ended.
      </Confirm>
    </Section>
  );
}
