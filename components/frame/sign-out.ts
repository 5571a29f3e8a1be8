import { signOut } from "next-auth/react";
import { toast } from "@/components/ui/toast";

/** Ends this browser's sign-in and goes to the sign-in page. */
export function signOutHere(): void {
  signOut({ callbackUrl: "/sign-in" }).catch(() =>
    toast({
      kind: "failed",
      title: "You are still signed in.",
      description: "Kiln can't be reached. Try again in a moment.",
    }),
  );
}
