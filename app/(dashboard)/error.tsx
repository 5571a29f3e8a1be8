"use client";

import { ErrorPage } from "@/components/frame/error-page";
import { Page } from "@/components/frame/page";

/** Keeps the frame, so that the rest of Kiln stays within reach. */
export default function DashboardError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <Page crumbs={[{ label: "Something went wrong" }]}>
      <ErrorPage digest={error.digest} retry={reset} />
    </Page>
  );
}
