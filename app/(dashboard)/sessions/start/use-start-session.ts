"use client";

import { useRouter } from "next/navigation";
import { startSession } from "@/app/actions/sessions";
import { useAction } from "@/app/use-action";
import { toast } from "@/components/ui/toast";

/** Starts a session and goes to it; a refusal is told in a toast, for there is no form to say it in. */
export function useStartSession() {
  const router = useRouter();
  const start = useAction(startSession, (session) => router.push(`/sessions/${session.id}`));
  return {
    ...start,
    mutate: (input: Parameters<typeof startSession>[0]) =>
      start.mutate(input, {
        onError: (error) =>
          toast({ kind: "failed", title: "The session wasn't started.", description: error.message }),
      }),
  };
}
