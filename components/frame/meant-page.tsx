"use client";

import { usePathname } from "next/navigation";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { Logo } from "./logo";
import { navEntries } from "./nav-entries";
import { nearest } from "./nearest";

const places = [...navEntries, { href: "/settings", label: "Settings" }];

/** There is no such page: names the one that was perhaps meant. */
export function MeantPage() {
  const pathname = usePathname();
  const first = `/${pathname.split("/")[1] ?? ""}`;
  const meant = places.some(({ href }) => href === first)
    ? undefined
    : nearest(first, places, ({ href }) => href)[0];
  return (
    <EmptyState
      level={1}
      icon={<Logo className="size-7!" />}
      title="There is nothing at this address."
      className="w-full max-w-xl self-center"
      actions={<ButtonLink href="/profiles">Go to profiles</ButtonLink>}
    >
      {meant ? (
        <>
          Did you mean{" "}
          <Link href={meant.href} className="font-medium text-ink underline underline-offset-2">
            {meant.label}
          </Link>
          ?
        </>
      ) : (
        "It may have been removed, or it isn't for you to see."
      )}
    </EmptyState>
  );
}
