"use client";

import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/components/frame/user-context";
import { Button } from "@/components/ui/button";
import { TryDialog } from "../../profiles/try-dialog";

/** Tries the draft as it is now, which may be another one than this page's. */
export function TryAgainButton({ slug }: { slug: string }) {
  const [open, setOpen] = useState(false);
  if (!useMay("operator")) return null;
  return (
    <>
      <Button variant="primary" icon={<FlaskConical />} onClick={() => setOpen(true)}>
        Try again
      </Button>
      {open ? <TryDialog slug={slug} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
