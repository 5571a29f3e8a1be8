import type { ReactNode } from "react";
import { CopyButton } from "@/components/copy-button/copy-button";
import { Fact, Facts } from "@/components/facts/facts";
import { StatusBadge } from "@/components/status/status-badge";
import { RelativeTime } from "@/components/time/relative-time";
import { Link } from "@/components/ui/link";
import { MiddleTruncate } from "@/components/ui/middle-truncate";
import { Notice } from "@/components/ui/notice";
import { Tag } from "@/components/ui/tag";
import { shortId } from "@/lib/format";
import { isActive } from "@/lib/sessions/state";
import type { SessionWire } from "@/lib/sessions/wire";

/** What the session is, who started it and how long it lives. @param life of one that runs, or will */
export function SessionSummary({ session, life }: { session: SessionWire; life: ReactNode }) {
  const { name, profile, version, status, createdBy, createdAt, keptUntil, failure, notice, persistent } =
    session;
  return (
    <header className="flex flex-col gap-2 px-4 pt-4 pb-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight break-words">{name}</h1>
        <StatusBadge of="session" status={status} since={status === "starting" ? createdAt : null} />
        {persistent ? <Tag>persistent</Tag> : null}
        <span className="flex-1 max-sm:hidden" />
        {isActive(status) ? life : null}
      </div>
      <p className="text-sm text-muted">
        <TextLink href={`/profiles/${profile.slug}`}>{profile.name}</TextLink> version {version}, started by{" "}
        {createdBy} <RelativeTime at={createdAt} />
      </p>
      {keptUntil ? (
        <p className="text-sm">
          Its files are kept. Unless it is resumed, it is deleted <RelativeTime at={keptUntil} />.
        </p>
      ) : null}
      {notice ? <Notice kind="info">{notice}</Notice> : null}
      {failure ? (
        <Notice kind="failed" title={failure.message}>
          <code className="font-mono text-xs">{failure.code}</code>
        </Notice>
      ) : null}
    </header>
  );
}

/** Where it runs and where it came from. */
export function SessionFacts({
  session: { snapshotId, snapshotNumber, stoppedAt, fromPool, host, containerId, id, variables, secrets },
}: {
  session: SessionWire;
}) {
  return (
    <Facts title="Details">
      <Fact name="Snapshot">
        <TextLink href={`/snapshots/${snapshotId}`}>#{snapshotNumber}</TextLink>
      </Fact>
      {fromPool ? <Fact name="Start">from a warm sandbox</Fact> : null}
      {stoppedAt ? (
        <Fact name="Stopped">
          <RelativeTime at={stoppedAt} />
        </Fact>
      ) : null}
      {variables.length > 0 ? <Names of="Variables" names={variables} /> : null}
      {secrets.length > 0 ? <Names of="Secrets" names={secrets} /> : null}
      <Fact name="Host" className="font-mono text-xs">
        <MiddleTruncate text={host} />
      </Fact>
      {containerId ? (
        <Fact name="Container" className="font-mono text-xs">
          {containerId.slice(0, 12)}
          <CopyButton value={containerId} label="Copy container id" />
        </Fact>
      ) : null}
      <Fact name="Id" className="font-mono text-xs">
        <span title={id}>…{shortId(id)}</span>
        <CopyButton value={id} label="Copy session id" />
      </Fact>
    </Facts>
  );
}

/** What it was given when it was started; the values are nobody's to read. */
function Names({ of, names }: { of: string; names: readonly string[] }) {
  return (
    <Fact name={of} className="font-mono text-xs break-all">
      {names.join(", ")}
    </Fact>
  );
}

function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="underline decoration-border-strong underline-offset-3 hover:decoration-current"
    >
      {children}
    </Link>
  );
}
