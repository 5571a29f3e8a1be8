/**
 * The first start's rows: an administrator while there is no user, an example profile while there is no
 * profile. Safe to run again: it adds nothing then. The last line on standard output is one JSON object.
 */
import { randomBytes } from "node:crypto";
import { closeDatabase, db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { closeSender } from "@/lib/jobs/boss.server";
import { createProfile } from "@/lib/profiles/create.server";
import { publishDraft } from "@/lib/profiles/draft.server";
import { specSchema } from "@/lib/profiles/spec";
import { createUser } from "@/lib/users/manage.server";
import { systemActor } from "@/lib/users/roles";
import { createUserSchema } from "@/lib/users/wire";

const exampleScript = `# Runs once, as root, in a fresh sandbox of the base image.
# What it leaves behind is what every session starts with.
apt-get update
apt-get install -y --no-install-recommends git python3 ca-certificates

# Files are the bill: clean up what sessions don't need.
apt-get clean
rm -rf /var/lib/apt/lists/*

git --version
python3 --version
`;

async function seedAdministrator(): Promise<{
  adminCreated: boolean;
  adminEmail: string;
  adminPassword: string | null;
}> {
  const email = process.env.KILN_ADMIN_EMAIL || "admin@kiln.local";
  if ((await db().user.count()) > 0) return { adminCreated: false, adminEmail: email, adminPassword: null };
  const given = process.env.KILN_ADMIN_PASSWORD;
  const password = given || randomBytes(12).toString("base64url");
  await createUser(
    systemActor,
    createUserSchema.parse({ email, name: "Administrator", role: "admin", password }),
  );
  return { adminCreated: true, adminEmail: email, adminPassword: given ? null : password };
}

async function seedExample(): Promise<string | null> {
  if ((await db().profile.count()) > 0) return null;
  const spec = specSchema.parse({
    baseImage: env().KILN_DEFAULT_BASE_IMAGE,
    setupScript: exampleScript,
    files: [{ path: "/etc/motd", content: "A Kiln sandbox: git and python3 are ready.\n" }],
    check: "git --version && python3 -c 'print(\"ready\")'",
  });
  const description = "Git and Python 3 on Debian: change it, publish it, and watch its snapshot being made.";
  const profile = await createProfile(systemActor, { name: "Example", description, spec });
  const { snapshot } = await publishDraft(systemActor, profile.id, { notes: "The first version." });
  return snapshot.id;
}

const administrator = await seedAdministrator();
const exampleSnapshotId = await seedExample();
await closeSender();
await closeDatabase();
process.stdout.write(`${JSON.stringify({ ...administrator, exampleSnapshotId })}\n`);
