"use client";

import { createContext, type ReactNode, useContext } from "react";
import { includesRole, type Role } from "@/lib/users/roles";

export interface FrameUser {
  id: string;
  name: string;
  email: string;
  role: Role;
}

const UserContext = createContext<FrameUser | null>(null);

export function UserProvider({ user, children }: { user: FrameUser; children: ReactNode }) {
  return <UserContext value={user}>{children}</UserContext>;
}

/** The signed-in person. Only inside the dashboard. */
export function useUser(): FrameUser {
  const user = useContext(UserContext);
  if (!user) throw new Error("useUser is for pages inside the dashboard");
  return user;
}

/** May the signed-in person do what `role` may? For showing controls; the server decides again. */
export function useMay(role: Role): boolean {
  return includesRole(useUser().role, role);
}

/** Shows its children only to who may use them. */
export function IfMay({ needs, children }: { needs: Role; children: ReactNode }) {
  return useMay(needs) ? children : null;
}
