import type { Metadata } from "next";
import { MeantPage } from "@/components/frame/meant-page";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center p-6">
      <MeantPage />
    </main>
  );
}
