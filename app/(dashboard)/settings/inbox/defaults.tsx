"use client";

import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { setDefaults } from "@/app/actions/inbox";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Switch } from "@/components/ui/switch";
import { wishesQuery } from "@/lib/inbox/queries";
import type { WishesWire } from "@/lib/inbox/wire";

/** What people hear of without having asked, each with its switch. */
export function Defaults() {
  const { data, error } = useQuery(wishesQuery());
  const isAdmin = useMay("admin");
  const set = useAction(setDefaults);
  if (!data) return error ? <Notice kind="failed">{error.message}</Notice> : null;
  return (
    <div className="flex flex-col gap-4">
      <Switch
        label="When a refresh of a profile that I own fails"
        hint="Also when it works again, and when its schedule stopped by itself."
        checked={data.owned}
        disabled={set.isPending}
        onCheckedChange={(owned) => set.mutate({ owned })}
      />
      {isAdmin ? (
        <Switch
          label="When a host’s disk runs low or a worker is gone"
          hint="For administrators."
          checked={data.hosts}
          disabled={set.isPending}
          onCheckedChange={(hosts) => set.mutate({ hosts })}
        />
      ) : null}
      <p className="text-sm text-muted">
        <Owned owns={data.owns} />
      </p>
      {set.error ? <Notice kind="failed">{set.error.message}</Notice> : null}
    </div>
  );
}

function Owned({ owns: { profiles, count } }: Pick<WishesWire, "owns">) {
  if (count === 0) return "You own no profile. Owners are named in a profile’s settings.";
  const more = count - profiles.length;
  return (
    <>
      You own{" "}
      {profiles.map(({ id, slug, name }, index) => (
        <Fragment key={id}>
          {index > 0 ? ", " : ""}
          <Link
            href={`/profiles/${slug}/settings`}
            className="text-ink underline underline-offset-2 wrap-anywhere"
          >
            {name}
          </Link>
        </Fragment>
      ))}
      {more > 0 ? ` and ${more} more` : ""}.
    </>
  );
}
