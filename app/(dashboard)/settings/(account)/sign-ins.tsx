"use client";

import { Monitor, Smartphone } from "lucide-react";
import { useRouter } from "next/navigation";
import { revokeSignIn } from "@/app/actions/users";
import { useAction } from "@/app/use-action";
import { RelativeTime } from "@/components/time/relative-time";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { Tag } from "@/components/ui/tag";
import { browserOf } from "./browser-of";

interface SignIn {
  id: string;
  userAgent: string;
  createdAt: string;
  lastSeenAt: string;
}

/** Where the person is signed in, and the way to end each. */
export function SignIns({ signIns, current }: { signIns: readonly SignIn[]; current: string }) {
  const router = useRouter();
  const revoke = useAction(revokeSignIn, () => router.refresh());
  return (
    <Section
      title="Sign-ins"
      description="The browsers in which you are signed in. End one that you don't know, then change your password."
    >
      {revoke.error ? <Notice kind="failed">{revoke.error.message}</Notice> : null}
      <ul className="divide-y border-y">
        {signIns.map((signIn) => {
          const { name, mobile } = browserOf(signIn.userAgent);
          const Icon = mobile ? Smartphone : Monitor;
          return (
            <li key={signIn.id} className="flex items-center gap-3 py-3 text-sm">
              <Icon className="size-4 shrink-0 text-muted" aria-hidden="true" />
              <div className="min-w-0 flex-1">
                <p className="flex items-center gap-2 font-medium">
                  {name} {signIn.id === current ? <Tag look="soft">This one</Tag> : null}
                </p>
                <p className="text-xs text-muted">
                  Signed in <RelativeTime at={signIn.createdAt} /> · last seen{" "}
                  <RelativeTime at={signIn.lastSeenAt} />
                </p>
              </div>
              {signIn.id === current ? null : (
                <Button
                  size="sm"
                  pending={revoke.isPending && revoke.variables.id === signIn.id}
                  onClick={() => revoke.mutate({ id: signIn.id })}
                >
                  End<span className="sr-only"> the sign-in in {name}</span>
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
