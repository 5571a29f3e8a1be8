import type { Metadata } from "next";
import { listSignIns } from "@/lib/users/store.server";
import { requireUser } from "@/lib/web/session.server";
import { ChangePassword } from "./change-password";
import { SignIns } from "./sign-ins";
import { WhoAmI } from "./who-am-i";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const user = await requireUser();
  return (
    <div className="flex max-w-2xl flex-col gap-10">
      <WhoAmI name={user.name} email={user.email} role={user.role} />
      <ChangePassword email={user.email} />
      <SignIns signIns={await listSignIns(user.id)} current={user.signInId} />
    </div>
  );
}
