import type { SelectOption } from "@/components/ui/select";
import type { Role } from "@/lib/users/roles";

/** The roles, in what they may do. */
export const roleOptions: ReadonlyArray<SelectOption<Role>> = [
  { value: "viewer", label: "Viewer", hint: "Sees everything, changes nothing." },
  { value: "operator", label: "Operator", hint: "Profiles, snapshots and sessions." },
  { value: "admin", label: "Admin", hint: "Everything, with users and tokens." },
];
