/** Somewhere to start from, for a Kiln without profiles. On the base image of this installation, a Debian. */
import type { SpecInput } from "@/lib/profiles/spec";

export interface Template {
  name: string;
  description: string;
  spec: Omit<SpecInput, "baseImage">;
}

const script = (packages: string, then: string) => `set -eu
export DEBIAN_FRONTEND=noninteractive

apt-get update
apt-get install -y --no-install-recommends ${packages}
rm -rf /var/lib/apt/lists/*

${then}
`;

export const templates: readonly Template[] = [
  {
    name: "Node.js",
    description: "Node.js and npm, with git.",
    spec: {
      setupScript: script("ca-certificates curl git nodejs npm", "node --version\nnpm --version"),
      check: "node --version && npm --version",
    },
  },
  {
    name: "Python",
    description: "Python 3 with pip and venv, with git.",
    spec: {
      setupScript: script("ca-certificates curl git python3 python3-pip python3-venv", "python3 --version"),
      check: "python3 --version && python3 -m venv --help > /dev/null",
    },
  },
  {
    name: "Plain tools",
    description: "git, curl, jq and ripgrep.",
    spec: {
      setupScript: script("ca-certificates curl git jq ripgrep", "git --version\njq --version"),
      check: "git --version && jq --version && rg --version",
    },
  },
];
