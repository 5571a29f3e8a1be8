import type { ReactNode } from "react";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return <main className="flex min-h-dvh flex-col items-center justify-center px-6 py-16">{children}</main>;
}
