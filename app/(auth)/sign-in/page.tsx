import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { one, type PageInput } from "@/app/page-input";
import { Logo } from "@/components/frame/logo";
import { currentUser } from "@/lib/web/session.server";
import { destinationOf } from "./destination";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageInput) {
  const { callbackUrl } = await searchParams;
  const destination = destinationOf(one(callbackUrl));
  if (await currentUser()) redirect(destination);
  return (
    <div className="flex w-full max-w-80 flex-col gap-8">
      <div className="flex flex-col gap-4">
        <Logo className="size-9" />
        <div>
          <h1 className="text-2xl font-semibold tracking-tight">Sign in to Kiln</h1>
          <p className="mt-1 text-muted">Sandbox images, fired once, ready at once.</p>
        </div>
      </div>
      <SignInForm destination={destination} />
      <p className="text-xs text-muted">
        No account, or no password? An administrator of this Kiln can give you one.
      </p>
    </div>
  );
}
