"use client";

import { Archive, ArchiveRestore, Copy, MoreHorizontal, PencilLine, Play, Settings } from "lucide-react";
import { useState } from "react";
import { updateProfile } from "@/app/actions/profiles";
import { useAction } from "@/app/use-action";
import { copyText } from "@/components/copy-button/copy-text";
import { useMay } from "@/components/frame/user-context";
import { profileState } from "@/components/profiles/profile-state";
import { Confirm } from "@/components/ui/confirm";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import type { ProfileWire } from "@/lib/profiles/wire";
import { useStart } from "../../sessions/start/use-start";

/** What can be done with a profile from the list. */
export function ProfileMenu({ profile }: { profile: ProfileWire }) {
  const mayChange = useMay("operator");
  const [archiving, setArchiving] = useState(false);
  const session = useStart(profile);
  const archive = useAction(updateProfile, (saved) => {
    setArchiving(false);
    toast({ title: saved.archivedAt ? `${saved.name} is archived.` : `${saved.name} is back in use.` });
  });
  const { whyNot } = profileState(profile);
  const copySlug = async () => {
    if (await copyText(profile.slug)) toast({ title: `Copied ${profile.slug}.` });
  };
  const href = `/profiles/${profile.slug}`;
  return (
    <>
      <Menu trigger={<IconButton label={`Actions for ${profile.name}`} icon={<MoreHorizontal />} plain />}>
        {mayChange ? (
          <MenuItem icon={<Play />} disabled={whyNot !== null} onClick={session.start}>
            Start session
          </MenuItem>
        ) : null}
        {profile.draft ? (
          <MenuLink icon={<PencilLine />} href={`${href}/draft`}>
            {mayChange ? "Edit draft" : "Read draft"}
          </MenuLink>
        ) : null}
        <MenuItem icon={<Copy />} onClick={() => void copySlug()}>
          Copy slug
        </MenuItem>
        {mayChange ? (
          <>
            <MenuSeparator />
            <MenuLink icon={<Settings />} href={`${href}/settings`}>
              Settings
            </MenuLink>
            {profile.archivedAt ? (
              <MenuItem
                icon={<ArchiveRestore />}
                onClick={() => archive.mutate({ profile: profile.id, archived: false })}
              >
                Bring back
              </MenuItem>
            ) : (
              <MenuItem icon={<Archive />} danger onClick={() => setArchiving(true)}>
                Archive
              </MenuItem>
            )}
          </>
        ) : null}
      </Menu>
      {session.dialog}
      <Confirm
        open={archiving}
        onOpenChange={(open) => {
          setArchiving(open);
          archive.reset();
        }}
        title={`Archive ${profile.name}?`}
        confirmLabel="Archive profile"
        onConfirm={() => archive.mutate({ profile: profile.id, archived: true })}
        pending={archive.isPending}
        error={archive.error?.message}
      >
        It leaves the list, and no session can start from it. Versions, snapshots and logs stay, and you can
        bring it back.
      </Confirm>
    </>
  );
}
