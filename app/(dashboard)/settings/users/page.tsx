import type { Metadata } from "next";
import { Section } from "@/components/ui/panel";
import { listUsers } from "@/lib/users/store.server";
import { requireUser } from "@/lib/web/session.server";
import { NewUserButton } from "./new-user";
import { UserList } from "./user-list";

export const metadata: Metadata = { title: "Users" };

export default async function UsersPage() {
  const user = await requireUser("admin");
  return (
    <Section
      title="Users"
      description="Who may sign in, and what they may do. A disabled user is signed out at once."
      actions={<NewUserButton />}
    >
      <UserList users={await listUsers()} self={user.id} />
    </Section>
  );
}
