"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { profilesQuery } from "@/lib/profiles/queries";

export interface ChosenProfile {
  id: string;
  slug: string;
  name: string;
}

/** As many as can be looked over. */
const SHOWN = 5;

/** Some of the profiles: what is chosen can be taken back, what is searched for can be added. */
export function ProfileChoice({
  chosen,
  onChange,
  hint,
}: {
  chosen: ChosenProfile[];
  onChange: (chosen: ChosenProfile[]) => void;
  hint: string;
}) {
  const [search, setSearch] = useState("");
  const query = useDeferredValue(search.trim());
  const { data } = useQuery({ ...profilesQuery({ query }), enabled: query !== "" });
  const found = (query === "" ? [] : (data?.items ?? []))
    .filter(({ id }) => !chosen.some((each) => each.id === id))
    .slice(0, SHOWN);
  const add = ({ id, slug, name }: ChosenProfile) => {
    onChange([...chosen, { id, slug, name }]);
    setSearch("");
  };
  return (
    <div className="flex flex-col gap-2">
      <Field label="Only of these profiles" hint={hint}>
        <Input
          value={search}
          autoComplete="off"
          placeholder="Search by name"
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            // It adds the first that was found, and doesn't send the form.
            event.preventDefault();
            if (found[0]) add(found[0]);
          }}
        />
      </Field>
      <span role="status" className="sr-only">
        {query === "" || !data ? "" : found.length === 0 ? "No other profile found" : `${found.length} found`}
      </span>
      {found.length > 0 ? (
        <ul className="flex flex-col rounded-md border p-1">
          {found.map((profile) => (
            <li key={profile.id}>
              <button
                type="button"
                onClick={() => add(profile)}
                className="flex min-h-8 w-full items-center gap-2 rounded-sm px-2 text-left text-sm hover:bg-hover"
              >
                <Plus className="size-3.5 shrink-0 text-muted" aria-hidden="true" />
                <span className="sr-only">Add </span>
                <span className="truncate">{profile.name}</span>
                <span className="ml-auto truncate pl-2 font-mono text-xs text-muted">{profile.slug}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : query !== "" && data ? (
        <p className="text-xs text-muted">No other profile is called that.</p>
      ) : null}
      {chosen.length > 0 ? (
        <ul aria-label="Chosen profiles" className="flex flex-wrap gap-1.5">
          {chosen.map(({ id, name }) => (
            <li key={id} className="min-w-0">
              <button
                type="button"
                aria-label={`Remove ${name}`}
                onClick={() => onChange(chosen.filter((each) => each.id !== id))}
                className="flex h-7 max-w-full items-center gap-1.5 rounded-full border border-border-strong px-3 text-xs font-medium hover:bg-hover"
              >
                <span className="truncate">{name}</span>
                <X className="size-3 shrink-0 text-muted" aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
