"use client";

import { useId, useState } from "react";
import { addBlackout } from "@/app/actions/schedules";
import { useAction } from "@/app/use-action";
import { DayChips } from "@/components/schedules/day-chips";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { toast } from "@/components/ui/toast";
import { blackoutWords } from "@/lib/schedules/blackout-words";
import { isTimezone } from "@/lib/schedules/cron";

/** One more time in which no refresh starts by itself. */
export function BlackoutDialog({ onClose }: { onClose: () => void }) {
  const [days, setDays] = useState<number[]>([1, 2, 3, 4, 5]);
  const [from, setFrom] = useState("08:00");
  const [to, setTo] = useState("18:00");
  const [timezone, setTimezone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [reason, setReason] = useState("");
  const zones = useId();
  const add = useAction(addBlackout, () => {
    toast({ title: "The blackout is added." });
    onClose();
  });
  const wrongZone = isTimezone(timezone)
    ? add.error?.field("timezone")
    : "There is no such time zone. Give an IANA name, such as Europe/Berlin.";
  const wrongDays = days.length === 0 ? "Choose at least one day." : add.error?.field("days");
  const shownElsewhere = ["days", "from", "to", "timezone", "reason"];
  const other = add.error?.fields.some(({ path }) => shownElsewhere.includes(path)) ? null : add.error;
  const window = { days, from, to, timezone, reason: reason.trim() };
  const whole = days.length > 0 && from !== "" && to !== "" && !wrongZone;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Add a blackout"
      description="No refresh starts by itself in this time. Builds that are queued or running go on."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            pending={add.isPending}
            disabled={!whole}
            onClick={() => add.mutate(window)}
          >
            Add blackout
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {other ? <Notice kind="failed">{other.message}</Notice> : null}
        <div className="flex flex-col gap-1.5">
          <p className="text-sm font-medium" aria-hidden="true">
            Begins on
          </p>
          <DayChips label="Begins on" value={days} onValueChange={setDays} />
          {wrongDays ? <p className="text-xs text-failed">{wrongDays}</p> : null}
        </div>
        <div className="grid grid-cols-2 gap-4">
          <Field label="From" error={add.error?.field("from")}>
            <Input type="time" value={from} onChange={(event) => setFrom(event.target.value)} />
          </Field>
          <Field label="To" error={add.error?.field("to")}>
            <Input type="time" value={to} onChange={(event) => setTo(event.target.value)} />
          </Field>
        </div>
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
        <Field
          label="Why"
          hint="Others read it wherever a refresh is put off."
          error={add.error?.field("reason")}
        >
          <Input value={reason} maxLength={100} onChange={(event) => setReason(event.target.value)} />
        </Field>
        {whole ? (
          <p className="rounded-md border bg-sunken px-3 py-2 text-sm" aria-live="polite">
            {blackoutWords(window)}
            {to <= from ? <span className="block text-xs text-muted">It ends on the next day.</span> : null}
          </p>
        ) : null}
      </div>
    </Dialog>
  );
}
