import type { ReactNode } from "react";
import { CopyButton } from "@/components/copy-button/copy-button";
import { Collapse } from "@/components/ui/collapse";
import { MiddleTruncate } from "@/components/ui/middle-truncate";
import { formatCount, formatSize } from "@/lib/format";
import { packageManagers } from "@/lib/profiles/plan-words";
import type { Spec } from "@/lib/profiles/spec";
import { CodeBlock } from "./code-block";
import { formatSeconds, networkWords, sourceOf } from "./spec-words";

/** A spec to read: what a version was made from, or the draft of somebody who may only look. `of` names which. */
export function SpecView({ spec, of }: { spec: Spec; of: string }) {
  const { resources } = spec;
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <dl className="grid grid-cols-[7.5rem_1fr] gap-x-4 gap-y-1.5 text-sm sm:grid-cols-[9rem_1fr]">
        <Fact name="Base image">
          <span className="flex items-center gap-1 font-mono text-xs">
            <MiddleTruncate text={spec.baseImage} keep={18} />
            <CopyButton value={spec.baseImage} label="Copy base image" />
          </span>
        </Fact>
        {packageManagers
          .filter((manager) => spec.packages[manager].length > 0)
          .map((manager) => (
            <Fact key={manager} name={`${manager} packages`} mono>
              {spec.packages[manager].join(" ")}
            </Fact>
          ))}
        <Fact name="Working directory" mono>
          {spec.workdir}
        </Fact>
        <Fact name="User" mono>
          {spec.user}
        </Fact>
        <Fact name="Network">{networkWords[spec.network]}</Fact>
        <Fact name="Limits">
          {formatCount(resources.cpus, "CPU")} · {resources.memoryMb.toLocaleString("en")} MB memory ·{" "}
          {resources.pids.toLocaleString("en")} processes · {resources.diskMb.toLocaleString("en")} MB disk ·{" "}
          {formatSeconds(spec.timeouts.setupSeconds)} for the setup
        </Fact>
      </dl>
      <Part title="Setup script">
        {spec.setupScript ? (
          <CodeBlock label={`Setup script of ${of}`} code={spec.setupScript} />
        ) : (
          <Nothing>No script: the base image with what is listed here.</Nothing>
        )}
      </Part>
      {spec.maintenanceScript ? (
        <Part title="Maintenance script">
          <CodeBlock label={`Maintenance script of ${of}`} code={spec.maintenanceScript} />
        </Part>
      ) : null}
      {Object.keys(spec.env).length > 0 ? (
        <Part title="Environment">
          <Variables env={spec.env} />
        </Part>
      ) : null}
      {spec.secrets.length > 0 ? (
        <Part title="Secrets">
          <p className="font-mono text-xs break-words">{spec.secrets.join(", ")}</p>
        </Part>
      ) : null}
      {spec.files.length > 0 ? (
        <Part title="Files">
          <Files files={spec.files} of={of} />
        </Part>
      ) : null}
      {spec.repositories.length > 0 ? (
        <Part title="Repositories">
          <Repositories repositories={spec.repositories} />
        </Part>
      ) : null}
      {spec.caches.length > 0 ? (
        <Part title="Caches">
          <Paths paths={spec.caches} />
        </Part>
      ) : null}
      {spec.persistentPaths.length > 0 ? (
        <Part title="Persistent folders">
          <Paths paths={spec.persistentPaths} />
        </Part>
      ) : null}
      {spec.check ? (
        <Part title="Check">
          <CodeBlock label={`Check of ${of}`} code={spec.check} />
        </Part>
      ) : null}
    </div>
  );
}

function Fact({ name, mono = false, children }: { name: string; mono?: boolean; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className={mono ? "min-w-0 font-mono text-xs leading-5" : "min-w-0"}>{children}</dd>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h3 className="text-sm font-medium">{title}</h3>
      {children}
    </div>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return <p className="text-sm text-muted">{children}</p>;
}

function Variables({ env }: { env: Spec["env"] }) {
  return (
    <dl className="grid grid-cols-[minmax(6rem,max-content)_1fr] gap-x-4 gap-y-1 font-mono text-xs">
      {Object.entries(env).map(([name, value]) => (
        <div key={name} className="contents">
          <dt>{name}</dt>
          <dd className="min-w-0 text-muted">{value || "(empty)"}</dd>
        </div>
      ))}
    </dl>
  );
}

function Repositories({ repositories }: { repositories: Spec["repositories"] }) {
  return (
    <ul className="flex flex-col gap-1 font-mono text-xs">
      {repositories.map((repository) => (
        <li key={repository.path} className="break-all">
          {repository.path} <span className="text-muted">{sourceOf(repository)}</span>
        </li>
      ))}
    </ul>
  );
}

function Files({ files, of }: { files: Spec["files"]; of: string }) {
  return (
    <ul className="flex flex-col">
      {files.map((file) => (
        <li key={file.path}>
          <Collapse
            title={
              <span className="flex min-w-0 flex-1 items-center gap-3 font-mono text-xs font-normal">
                <MiddleTruncate text={file.path} keep={20} />
                <span className="text-muted">{file.mode}</span>
                <span className="text-muted">
                  {formatSize(new TextEncoder().encode(file.content).length)}
                </span>
              </span>
            }
          >
            <CodeBlock label={`${file.path} of ${of}`} code={file.content} />
          </Collapse>
        </li>
      ))}
    </ul>
  );
}

function Paths({ paths }: { paths: readonly string[] }) {
  return (
    <ul className="flex flex-col gap-1 font-mono text-xs">
      {paths.map((path) => (
        <li key={path} className="break-all">
          {path}
        </li>
      ))}
    </ul>
  );
}
