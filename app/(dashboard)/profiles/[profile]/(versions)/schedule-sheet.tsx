"use client";

import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { deleteSchedule, putSchedule } from "@/app/actions/schedules";
import { useAction } from "@/app/use-action";
import { NextRuns } from "@/components/schedules/next-runs";
import { presetOf, presetOptions, presets } from "@/components/schedules/presets";
import { RunList } from "@/components/schedules/run-list";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Sheet } from "@/components/ui/sheet";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toast";
import { ToggleChips } from "@/components/ui/toggle-chips";
import type { VersionWire } from "@/lib/profiles/wire";
import { isTimezone, problemOf } from "@/lib/schedules/cron";
import { blackoutsQuery, runsQuery } from "@/lib/schedules/queries";

/** When a version is refreshed by itself: presets, an expression of one's own, and what it comes to. */
export function ScheduleSheet({
  slug,
  version,
  onClose,
}: {
  slug: string;
  version: VersionWire;
  onClose: () => void;
}) {
  const { number, schedule } = version;
  const [now] = useState(() => new Date());
  const [cron, setCron] = useState(schedule?.cron ?? presets.nightly.cron);
  const [timezone, setTimezone] = useState(
    schedule?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  );
  const [enabled, setEnabled] = useState(schedule?.enabled ?? true);
  const [forLaterVersions, setForLaterVersions] = useState(schedule?.forLaterVersions ?? true);
  const zones = useId();
  const runs = useQuery({ ...runsQuery(slug, number), enabled: schedule !== null });
  const blackouts = useQuery(blackoutsQuery());
  const put = useAction(putSchedule, ({ words, enabled }) => {
    toast({
      kind: "ready",
      title: enabled ? `Version ${number} is refreshed by itself.` : `The schedule is switched off.`,
      ...(enabled ? { description: `${words}.` } : {}),
    });
    onClose();
  });
  const remove = useAction(deleteSchedule, () => {
    toast({ title: `Version ${number} is refreshed by hand from now on.` });
    onClose();
  });
  const preset = presetOf(cron);
  const wrongCron = problemOf(cron, now) ?? put.error?.field("cron");
  const wrongZone = isTimezone(timezone)
    ? put.error?.field("timezone")
    : "There is no such time zone. Give an IANA name, such as Europe/Berlin.";
  const other = put.error && put.error.fields.length === 0 ? put.error : remove.error;
  const save = () =>
    put.mutate({ profile: slug, version: number, cron, timezone, enabled, forLaterVersions });
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={`Schedule of version ${number}`}
      description="A refresh builds the version again with that day’s packages. If it fails, what works stays in use."
      footer={
        <>
          {schedule ? (
            <Button
              variant="danger"
              className="mr-auto"
              pending={remove.isPending}
              onClick={() => remove.mutate({ profile: slug, version: number })}
            >
              Remove schedule
            </Button>
          ) : null}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            pending={put.isPending}
            disabled={Boolean(wrongCron ?? wrongZone)}
            onClick={save}
          >
            {schedule?.pausedReason ? "Save and resume" : "Save schedule"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5 pt-1">
        {schedule?.pausedReason ? (
          <Notice kind="hot" title="It stopped by itself.">
            {schedule.pausedReason}
          </Notice>
        ) : null}
        {other ? <Notice kind="failed">{other.message}</Notice> : null}
        <ToggleChips
          label="How often"
          value={preset}
          options={presetOptions}
          onValueChange={(next) => setCron(next === "custom" ? "30 2 * * 1-5" : presets[next].cron)}
        />
        <Field
          label="Expression"
          hint="Minute, hour, day of the month, month, day of the week."
          error={wrongCron}
        >
          <Input mono value={cron} spellCheck={false} onChange={(event) => setCron(event.target.value)} />
        </Field>
        <Field label="Time zone" error={wrongZone}>
          <Input
            list={zones}
            value={timezone}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setTimezone(event.target.value)}
          />
        </Field>
        <datalist id={zones}>
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <section aria-label="What it comes to" className="rounded-md border bg-sunken px-3 py-3">
          <NextRuns cron={cron} timezone={timezone} now={now} windows={blackouts.data?.windows ?? []} />
          {blackouts.error ? (
            <p className="mt-2 text-xs text-failed">Blackouts could not be read: {blackouts.error.message}</p>
          ) : null}
        </section>
        <Switch checked={enabled} onCheckedChange={setEnabled} label="Switched on" />
        <Checkbox
          checked={forLaterVersions}
          onCheckedChange={setForLaterVersions}
          label="For later versions, too"
          hint="The next published version gets the same schedule. Of several versions only the newest that sessions start from is refreshed."
        />
        {schedule ? (
          <section className="flex flex-col gap-1">
            <h3 className="text-sm font-medium">Lately</h3>
            {runs.error ? <Notice kind="failed">{runs.error.message}</Notice> : null}
            {runs.data ? <RunList runs={runs.data.items} /> : null}
          </section>
        ) : null}
      </div>
    </Sheet>
  );
}
