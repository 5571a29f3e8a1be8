import { versionNumber } from "@/lib/profiles/version-number";
import { scheduleInputSchema } from "@/lib/schedules/input";
import { deleteSchedule, getSchedule, putSchedule } from "@/lib/schedules/store.server";
import { route } from "@/lib/web/route.server";

type Params = { profile: string; number: string };

export const GET = route<Params>({ role: "viewer" }, ({ params }) =>
  getSchedule(params.profile, versionNumber(params.number)),
);

export const PUT = route<Params, typeof scheduleInputSchema>(
  { role: "operator", body: scheduleInputSchema },
  ({ actor, params, body }) => putSchedule(actor, params.profile, versionNumber(params.number), body),
);

export const DELETE = route<Params>({ role: "operator" }, async ({ actor, params }) => {
  await deleteSchedule(actor, params.profile, versionNumber(params.number));
  return new Response(null, { status: 204 });
});
