"use client";

import { ErrorPage } from "@/components/frame/error-page";

export default function RootError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center p-6">
      <ErrorPage digest={error.digest} retry={reset} />
    </main>
  );
}
