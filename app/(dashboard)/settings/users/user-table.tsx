"use client";

import { useRouter } from "next/navigation";
import { setUserDisabled, setUserRole } from "@/app/actions/users";
import { useAction } from "@/app/use-action";
import { RelativeTime } from "@/components/time/relative-time";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { Table, Td, Th } from "@/components/ui/table";
import { Tag } from "@/components/ui/tag";
import { roleOptions } from "@/components/users/role-options";
import type { UserWire } from "@/lib/users/wire";

/** The users, with what an administrator can change about them. One's own row can't be changed by oneself. */
export function UserTable({ users, self }: { users: readonly UserWire[]; self: string }) {
  const router = useRouter();
  const role = useAction(setUserRole, () => router.refresh());
  const disable = useAction(setUserDisabled, () => router.refresh());
  const error = role.error ?? disable.error;
  const busy = (id: string) =>
    (role.isPending && role.variables.id === id) || (disable.isPending && disable.variables.id === id);
  return (
    <div className="flex flex-col gap-3">
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      <Table label="Users">
        <thead>
          <tr>
            <Th>Name</Th>
            <Th className="w-36">Role</Th>
            <Th className="hidden w-32 md:table-cell">Added</Th>
            <Th className="w-28">
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id} className="border-b last:border-b-0">
              <Td>
                <span className="flex items-center gap-2 truncate font-medium">
                  {user.name}
                  {user.id === self ? <Tag look="soft">You</Tag> : null}
                  {user.disabledAt ? <Tag>Disabled</Tag> : null}
                </span>
                <span className="block truncate text-xs text-muted">{user.email}</span>
              </Td>
              <Td>
                <Select
                  aria-label={`Role of ${user.name}`}
                  value={role.isPending && role.variables.id === user.id ? role.variables.role : user.role}
                  onValueChange={(next) => role.mutate({ id: user.id, role: next })}
                  options={roleOptions}
                  disabled={user.id === self || busy(user.id)}
                />
              </Td>
              <Td className="hidden text-muted md:table-cell">
                <RelativeTime at={user.createdAt} />
              </Td>
              <Td className="text-right">
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
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
