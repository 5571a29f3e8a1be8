import { notFound } from "next/navigation";
import { requireUser } from "@/lib/web/session.server";

/** Every address that nothing is at: a signed-in person keeps the frame around the page that says so. */
export default async function MissingPage({ params }: { params: Promise<{ missing: string[] }> }) {
  const { missing } = await params;
  const isForPeople = missing[0] !== "api" && !missing.at(-1)?.includes(".");
  if (isForPeople) await requireUser();
  notFound();
}
