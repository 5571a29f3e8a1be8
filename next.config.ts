import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // The other lock files further up belong to other projects.
  turbopack: { root: import.meta.dirname },
  // They load native code or files by path at run time, which a bundle would break.
  serverExternalPackages: [
    "pg",
    "pg-boss",
    "@node-rs/argon2",
    "pino",
    "@prisma/client",
    "@prisma/adapter-pg",
  ],
  // `npm run check` checks the types, of the worker and the tests as well; a start needn't wait for it.
  typescript: { ignoreBuildErrors: true },
  // In development Next would print the arguments of server actions: passwords and secrets.
  logging: { serverFunctions: false },
  experimental: { optimizePackageImports: ["lucide-react"] },
};

export default config;
