import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { themeSchema } from "@/components/frame/theme-cookie";
import { Providers } from "./providers";

export const metadata: Metadata = {
  title: { default: "Kiln", template: "%s · Kiln" },
  description: "Prepares sandbox images once, so that sessions start in a moment.",
  icons: { icon: { url: "/icon.svg", type: "image/svg+xml" } },
  robots: { index: false },
};

export const viewport: Viewport = {
  // The background of each theme.
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fbfaf9" },
    { media: "(prefers-color-scheme: dark)", color: "#161412" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = themeSchema.parse((await cookies()).get("theme")?.value);
  const nonce = (await headers()).get("x-nonce") ?? "";
  return (
    <html lang="en" {...(theme === "system" ? {} : { "data-theme": theme })}>
      <body>
        <div className="app-root">
          <Providers now={Math.floor(Date.now() / 1000) * 1000} nonce={nonce}>
            {children}
          </Providers>
        </div>
      </body>
    </html>
  );
}
