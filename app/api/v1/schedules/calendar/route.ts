import { calendarOf } from "@/lib/schedules/calendar.server";
import { calendarQuerySchema } from "@/lib/schedules/input";
import { route } from "@/lib/web/route.server";

export const GET = route<Record<string, never>, never, typeof calendarQuerySchema>(
  { role: "viewer", query: calendarQuerySchema },
  ({ query }) => calendarOf(query.timezone),
);
