import type { Metadata } from "next";
import { requireUser } from "@/lib/web/session.server";
import { CalendarView } from "./calendar-view";

export const metadata: Metadata = { title: "Next seven days" };

export default async function CalendarPage() {
  await requireUser();
  return <CalendarView />;
}
