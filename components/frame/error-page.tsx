"use client";

import { CircleAlert } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { CopyButton } from "@/components/copy-button/copy-button";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** A page that broke: says so, with the id under which the server's log has the rest. */
export function ErrorPage({ digest, retry }: { digest: string | undefined; retry: () => void }) {
  const router = useRouter();
  const [pending, start] = useTransition();
  const again = () =>
    start(() => {
      router.refresh();
      retry();
    });
  return (
    <EmptyState
      level={1}
      icon={<CircleAlert />}
      title="This page couldn't be shown."
      className="w-full max-w-xl self-center"
      actions={
        <Button pending={pending} onClick={again}>
          Try again
        </Button>
      }
    >
      Kiln made a mistake, or its database is away for a moment.
      {digest ? (
        <span className="mt-2 flex items-center justify-center gap-1 font-mono text-xs">
          {digest} <CopyButton value={digest} label="Copy error id" />
        </span>
      ) : null}
    </EmptyState>
  );
}
