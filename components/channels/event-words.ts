import type { ChannelEvent, DeliveryWire } from "@/lib/channels/wire";

/** Each event in words, in the order in which they are chosen from. */
export const eventWords: Record<ChannelEvent, { label: string; hint: string }> = {
  "snapshot.first_failure": { label: "A version begins to fail", hint: "The one before was ready." },
  "snapshot.recovered": { label: "A version works again", hint: "The one before had failed." },
  "snapshot.failed": { label: "Any snapshot failed", hint: "Also when the one before had." },
  "snapshot.ready": { label: "Any snapshot is ready", hint: "Each build of each version." },
  "schedule.paused": { label: "A schedule stopped by itself", hint: "After 6 failures in a row." },
  "disk.low": { label: "A host’s disk runs low", hint: "New builds wait until there is room again." },
  "worker.gone": { label: "A worker is gone", hint: "It stopped answering and said no goodbye." },
  "secret.rotated": { label: "A secret was rotated", hint: "What was built with it is out of date." },
};

/** What happened, as the title of a message to a person. */
export const eventTitles: Record<ChannelEvent, string> = {
  "snapshot.first_failure": "Began to fail",
  "snapshot.recovered": "Works again",
  "snapshot.failed": "Snapshot failed",
  "snapshot.ready": "Snapshot ready",
  "schedule.paused": "Schedule stopped",
  "disk.low": "Disk runs low",
  "worker.gone": "Worker gone",
  "secret.rotated": "Secret rotated",
};

export const eventLabel = (event: DeliveryWire["event"]) =>
  event === "test" ? "Test" : eventWords[event].label;
