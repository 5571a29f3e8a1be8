"use client";

import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useMay } from "@/components/frame/user-context";
import { profileState } from "@/components/profiles/profile-state";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { profilesQuery } from "@/lib/profiles/queries";
import type { ProfileWire } from "@/lib/profiles/wire";
import { StartDialog } from "./start-dialog";

/** Starts a session of a profile that is chosen first. */
export function StartAny() {
  const [step, setStep] = useState<"choose" | ProfileWire | null>(null);
  if (!useMay("operator")) return null;
  return (
    <>
      <Button variant="primary" icon={<Play />} onClick={() => setStep("choose")}>
        Start session
      </Button>
      {step === "choose" ? (
        <ChooseProfile onChoose={setStep} onClose={() => setStep(null)} />
      ) : step ? (
        <StartDialog profile={step} onClose={() => setStep(null)} />
      ) : null}
    </>
  );
}

function ChooseProfile({
  onChoose,
  onClose,
}: {
  onChoose: (profile: ProfileWire) => void;
  onClose: () => void;
}) {
  const [search, setSearch] = useState("");
  const query = useDeferredValue(search.trim());
  const { data, error } = useQuery(profilesQuery(query === "" ? {} : { query }));
  const first = data?.items.find((profile) => profileState(profile).whyNot === null);
  return (
    <Dialog open onOpenChange={onClose} title="Start a session of which profile?">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (first) onChoose(first);
        }}
      >
        <Field label="Search by name" hideLabel>
          <Input
            value={search}
            autoFocus
            autoComplete="off"
            placeholder="Search by name"
            onChange={(event) => setSearch(event.target.value)}
          />
        </Field>
        {error ? <Notice kind="failed">{error.message}</Notice> : null}
        {data?.items.length === 0 ? (
          <p className="text-sm text-muted">
            {query === "" ? "There is no profile yet. Make one first." : "No profile is called that."}
          </p>
        ) : null}
        <ul aria-label="Profiles" className="flex max-h-80 flex-col overflow-y-auto">
          {data?.items.map((profile) => (
            <li key={profile.id}>
              <ProfileLine profile={profile} onChoose={() => onChoose(profile)} />
            </li>
          ))}
        </ul>
      </form>
    </Dialog>
  );
}

function ProfileLine({ profile, onChoose }: { profile: ProfileWire; onChoose: () => void }) {
  const { whyNot, start } = profileState(profile);
  return (
    <button
      type="button"
      disabled={whyNot !== null}
      onClick={onChoose}
      className="flex min-h-9 w-full flex-wrap items-baseline gap-x-3 rounded-sm px-2 py-1.5 text-left text-sm hover:bg-hover disabled:text-muted disabled:hover:bg-transparent"
    >
      <span className="min-w-0 truncate font-medium">{profile.name}</span>
      <span className="text-xs text-muted">{whyNot ?? `version ${start?.version}`}</span>
    </button>
  );
}
