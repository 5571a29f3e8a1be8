import { Section } from "@/components/ui/panel";
import type { Role } from "@/lib/users/roles";

const rights: Record<Role, string> = {
  viewer: "Sees everything, and changes nothing.",
  operator: "Makes profiles, publishes versions, refreshes snapshots and starts sessions.",
  admin: "Does everything, and looks after users and API tokens.",
};

/** Who is signed in, and what they may do. */
export function WhoAmI({ name, email, role }: { name: string; email: string; role: Role }) {
  return (
    <Section title="You">
      <dl className="grid grid-cols-[5.5rem_1fr] gap-y-1.5 text-sm">
        <dt className="text-muted">Name</dt>
        <dd>{name}</dd>
        <dt className="text-muted">E-mail</dt>
        <dd>{email}</dd>
        <dt className="text-muted">Role</dt>
        <dd>
          <span className="capitalize">{role}</span>
          <span className="block text-xs text-muted">{rights[role]}</span>
        </dd>
      </dl>
    </Section>
  );
}
