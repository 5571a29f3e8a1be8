import type { ReactNode } from "react";
import { RelativeTime } from "@/components/time/relative-time";
import { RowControls, RowLink, Table, Td, Th, Tr } from "@/components/ui/table";
import { Tag } from "@/components/ui/tag";
import type { ProfileWire } from "@/lib/profiles/wire";
import { profileState } from "./profile-state";
import { VersionStatus } from "./version-status";

const widths = {
  version: "hidden md:table-cell md:w-80 xl:w-96",
  age: "hidden w-28 lg:table-cell",
  sessions: "hidden w-24 lg:table-cell",
  changed: "hidden w-40 xl:table-cell",
  menu: "w-14",
};

/** Profiles, one a row. On a phone the name's cell says the rest. */
export function ProfileTable({
  profiles,
  menu,
}: {
  profiles: readonly ProfileWire[];
  menu: (profile: ProfileWire) => ReactNode;
}) {
  return (
    <Table label="Profiles">
      <ProfileTableHead />
      <tbody>
        {profiles.map((profile) => (
          <Row key={profile.id} profile={profile} menu={menu(profile)} />
        ))}
      </tbody>
    </Table>
  );
}

export function ProfileTableHead() {
  return (
    <thead>
      <tr>
        <Th>Name</Th>
        <Th className={widths.version}>Newest version</Th>
        <Th className={widths.age}>Serving since</Th>
        <Th className={widths.sessions}>Sessions</Th>
        <Th className={widths.changed}>Last change</Th>
        <Th className={widths.menu}>
          <span className="sr-only">Actions</span>
        </Th>
      </tr>
    </thead>
  );
}

function Row({ profile, menu }: { profile: ProfileWire; menu: ReactNode }) {
  const { servingSnapshot: serving } = profile;
  return (
    <Tr className="h-15">
      <Td>
        <div className="flex min-w-0 flex-col gap-0.5">
          <span className="flex min-w-0 items-center gap-2">
            <RowLink href={`/profiles/${profile.slug}`} className="truncate">
              {profile.name}
            </RowLink>
            {profile.draft ? <Tag>Draft</Tag> : null}
          </span>
          {profile.description ? (
            <span className="truncate text-xs text-muted">{profile.description}</span>
          ) : null}
          <NewestVersion profile={profile} className="mt-1 md:hidden" />
        </div>
      </Td>
      <Td className={widths.version}>
        <NewestVersion profile={profile} />
      </Td>
      <Td className={`${widths.age} text-muted`}>
        {serving?.finishedAt ? <RelativeTime at={serving.finishedAt} /> : <None />}
      </Td>
      <Td className={`${widths.sessions} text-muted`}>{profile.activeSessions || <None />}</Td>
      <Td className={widths.changed}>
        <div className="flex min-w-0 flex-col text-xs text-muted">
          <RelativeTime at={profile.updatedAt} className="text-sm" />
          <span className="truncate">by {profile.updatedBy || "Kiln"}</span>
        </div>
      </Td>
      <Td className={`${widths.menu} pl-0`}>
        <RowControls>{menu}</RowControls>
      </Td>
    </Tr>
  );
}

function None() {
  return (
    <>
      <span aria-hidden="true" className="text-faint">
        –
      </span>
      <span className="sr-only">none</span>
    </>
  );
}

function NewestVersion({ profile, className }: { profile: ProfileWire; className?: string }) {
  const { newest, start } = profileState(profile);
  if (!newest) return <span className={`text-muted ${className ?? ""}`}>Not published yet</span>;
  const older = start && start.version !== profile.latestVersion ? start.version : null;
  return (
    <span className={`flex flex-wrap items-center gap-x-2.5 gap-y-1 ${className ?? ""}`}>
      <span className="font-mono text-xs text-muted">v{profile.latestVersion}</span>
      <VersionStatus state={newest} />
      {older ? <span className="text-xs text-muted">sessions start from v{older}</span> : null}
    </span>
  );
}
