"use client";

import { ArrowRight, Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { createProfile } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { templates } from "@/components/profiles/templates";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import { Spinner } from "@/components/ui/spinner";

/** What a Kiln without profiles shows: what one is, and four ways to get it. */
export function FirstProfile({ baseImage }: { baseImage: string }) {
  const router = useRouter();
  const create = useAction(createProfile, (profile) => router.push(`/profiles/${profile.slug}/draft`));
  return (
    <div className="grid gap-10 border-t pt-10 lg:grid-cols-[minmax(0,1fr)_26rem] lg:gap-16 lg:pt-16">
      <div className="flex flex-col items-start gap-4">
        <h2 className="max-w-md text-xl font-semibold tracking-tight">
          Describe an environment once, and start sessions from it in a moment.
        </h2>
        <p className="max-w-prose text-muted">
          A profile names a base image and a setup script. Publish it, and Kiln prepares a snapshot that new
          sessions start from.
        </p>
        <ButtonLink href="/profiles?new=true" scroll={false} icon={<Plus />}>
          New profile
        </ButtonLink>
      </div>
      <div className="flex flex-col gap-2">
        <h3 className="text-sm text-muted">Or start from a template</h3>
        <ul className="divide-y overflow-clip rounded-lg border bg-surface">
          {templates.map((template) => {
            const pending = create.isPending && create.variables.name === template.name;
            return (
              <li key={template.name}>
                <button
                  type="button"
                  disabled={create.isPending}
                  onClick={() =>
                    create.mutate({
                      name: template.name,
                      description: template.description,
                      spec: { ...template.spec, baseImage },
                    })
                  }
                  className="group flex w-full items-center gap-3 px-4 py-3 text-left transition-colors -outline-offset-2 hover:bg-hover"
                >
                  <span className="min-w-0 flex-1">
                    <span className="block text-sm font-medium">{template.name}</span>
                    <span className="block text-xs text-muted">{template.description}</span>
                  </span>
                  {pending ? (
                    <Spinner className="text-muted" />
                  ) : (
                    <ArrowRight
                      className="size-4 text-muted transition-transform group-hover:translate-x-0.5"
                      aria-hidden="true"
                    />
                  )}
                </button>
              </li>
            );
          })}
        </ul>
        {create.error ? <Notice kind="failed">{create.error.message}</Notice> : null}
      </div>
    </div>
  );
}
