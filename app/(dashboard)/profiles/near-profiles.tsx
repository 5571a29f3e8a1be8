"use client";

import { useQuery } from "@tanstack/react-query";
import { useParams } from "next/navigation";
import { nearest } from "@/components/frame/nearest";
import { Page } from "@/components/frame/page";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { profilesQuery } from "@/lib/profiles/queries";

/** There is no such profile: names the ones that were perhaps meant. */
export function NearProfiles() {
  const { profile } = useParams<{ profile?: string }>();
  const wanted = decodeURIComponent(profile ?? "");
  const { data } = useQuery(profilesQuery({}));
  const near = nearest(wanted, data?.items ?? [], (item) => item.slug).slice(0, 3);
  return (
    <Page crumbs={[{ label: "Profiles", href: "/profiles" }, { label: "Not found" }]}>
      <EmptyState
        level={1}
        title={`There is no profile “${wanted}”.`}
        actions={<ButtonLink href="/profiles">All profiles</ButtonLink>}
      >
        {near.length > 0 ? (
          <>
            Did you mean{" "}
            {near.map((item, index) => (
              <span key={item.id}>
                {index > 0 ? " or " : null}
                <Link
                  href={`/profiles/${item.slug}`}
                  className="font-medium text-ink underline underline-offset-2"
                >
                  {item.name}
                </Link>
              </span>
            ))}
            ?
          </>
        ) : (
          "Its name may have been mistyped, or the link is old."
        )}
      </EmptyState>
    </Page>
  );
}
