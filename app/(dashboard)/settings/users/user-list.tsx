"use client";

import { useRouter } from "next/navigation";
import { setUserDisabled, setUserRole } from "@/app/actions/users";
import { useAction } from "@/app/use-action";
import { RelativeTime } from "@/components/time/relative-time";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import { Tag } from "@/components/ui/tag";
import { roleOptions } from "@/components/users/role-options";
import type { UserWire } from "@/lib/users/wire";

/** The users, with what an administrator can change about them. One's own row can't be changed by oneself. */
export function UserList({ users, self }: { users: readonly UserWire[]; self: string }) {
  const router = useRouter();
  const role = useAction(setUserRole, () => router.refresh());
  const disable = useAction(setUserDisabled, () => router.refresh());
  const error = role.error ?? disable.error;
  const busy = (id: string) =>
    (role.isPending && role.variables.id === id) || (disable.isPending && disable.variables.id === id);
  return (
    <div className="flex flex-col gap-3">
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      <Panel aria-label="Users">
        <ul className="divide-y">
          {users.map((user) => (
            <li key={user.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-sm">
              <div className="min-w-0 flex-1 basis-52">
                <p className="flex items-center gap-2 font-medium">
                  <span className="truncate">{user.name}</span>
                  {user.id === self ? <Tag look="soft">You</Tag> : null}
                  {user.disabledAt ? <Tag>Disabled</Tag> : null}
                </p>
                <p className="truncate text-xs text-muted">
                  {user.email} · added <RelativeTime at={user.createdAt} />
                </p>
              </div>
              <Select
                aria-label={`Role of ${user.name}`}
                value={role.isPending && role.variables.id === user.id ? role.variables.role : user.role}
                onValueChange={(next) => role.mutate({ id: user.id, role: next })}
                options={roleOptions}
                disabled={user.id === self || busy(user.id)}
                className="w-32"
              />
              <span className="flex w-20 justify-end">
                {user.id === self ? null : (
                  <Button
                    size="sm"
                    variant={user.disabledAt ? "secondary" : "danger"}
                    pending={disable.isPending && disable.variables.id === user.id}
                    onClick={() => disable.mutate({ id: user.id, disabled: !user.disabledAt })}
                  >
                    {user.disabledAt ? "Enable" : "Disable"}
                    <span className="sr-only"> {user.name}</span>
                  </Button>
                )}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}
