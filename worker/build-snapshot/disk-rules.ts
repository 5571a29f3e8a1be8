/** How much disk a build may use: by its version's limit, and by what its engine has left. */
import { env } from "@/lib/env.server";
import type { Spec } from "@/lib/profiles/spec";
import type { ImageFacts } from "@/worker/containers/types";
import type { DiskRules } from "./disk-watch";

export function diskRules({ resources }: Spec, base: Pick<ImageFacts, "sizeBytes">): DiskRules {
  return {
    limitMb: resources.diskMb,
    baseBytes: base.sizeBytes,
    minimumFreeMb: env().KILN_DISK_MINIMUM_MB,
  };
}
