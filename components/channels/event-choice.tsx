"use client";

import { Checkbox } from "@/components/ui/checkbox";
import { type ChannelEvent, events } from "@/lib/channels/wire";
import { eventWords } from "./event-words";

const listed = Object.keys(eventWords).flatMap((name) => events.filter((event) => event === name));

/** Which events somebody is told of. */
export function EventChoice({
  chosen,
  onChange,
  error,
}: {
  chosen: ChannelEvent[];
  onChange: (chosen: ChannelEvent[]) => void;
  error?: string | undefined;
}) {
  return (
    <fieldset className="flex flex-col gap-2.5">
      <legend className="mb-1.5 text-sm font-medium">Events</legend>
      {listed.map((event) => (
        <Checkbox
          key={event}
          label={eventWords[event].label}
          hint={eventWords[event].hint}
          checked={chosen.includes(event)}
          onCheckedChange={(on) =>
            onChange(on ? [...chosen, event] : chosen.filter((other) => other !== event))
          }
        />
      ))}
      {error ? (
        <p role="alert" className="text-xs text-failed">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
