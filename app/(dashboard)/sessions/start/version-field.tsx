"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { NEWEST, versionChoice } from "@/components/profiles/version-choice";
import { useNow } from "@/components/time/now";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { versionsQuery } from "@/lib/profiles/queries";

/** Which version a session starts from: each with its state, and how old what it starts from is. */
export function VersionField({
  profile,
  value,
  onChange,
  current,
}: {
  profile: string;
  value: string;
  onChange: (version: string) => void;
  /** The one that it has now; only those that have a number can be chosen then. */
  current?: number;
}) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    versionsQuery(profile),
  );
  const versions = data?.pages.flatMap(({ items }) => items) ?? [];
  const all = versionChoice(versions, useNow());
  const options =
    current === undefined
      ? all
      : all
          .filter((option) => option.value !== NEWEST)
          .map((option) =>
            option.value === String(current) ? { ...option, hint: "It is on this one." } : option,
          );
  return (
    <div className="flex items-end gap-2">
      <Field label="Version" nativeLabel={false} error={error?.message} className="flex-1">
        <Select
          value={value}
          onValueChange={onChange}
          // One that was asked for is shown before the list is there.
          options={
            options.some((option) => option.value === value)
              ? options
              : [...options, { value, label: `Version ${value}` }]
          }
        />
      </Field>
      {hasNextPage ? (
        <Button pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          List older ones
        </Button>
      ) : null}
    </div>
  );
}
