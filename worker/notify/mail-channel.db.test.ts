/** A channel that is e-mail, from its making to what a real mail server gets; and channels for chosen profiles. */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createChannel, listChannels, listDeliveries } from "@/lib/channels/store.server";
import { tell } from "@/lib/channels/tell.server";
import { channelInputSchema } from "@/lib/channels/wire";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { systemActor } from "@/lib/users/roles";
import { claimBuild, finishFailed, finishReady } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { deliverNext } from "./deliver";

useSuiteDatabase();
process.env.NEXTAUTH_URL = "http://kiln.test";
process.env.KILN_MAIL_FROM = "Kiln <kiln@example.com>";

let had: string[] = [];
/** What the server says to a recipient; null takes it. */
let refused: number | null = null;
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  logger: false,
  onRcptTo: (_to, _session, done) =>
    done(refused ? Object.assign(new Error("No"), { responseCode: refused }) : null),
  onData(stream, _session, done) {
    const pieces: Buffer[] = [];
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("end", () => {
      had.push(Buffer.concat(pieces).toString("utf8"));
      done();
    });
  },
});
let worker: TestWorker;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  process.env.KILN_SMTP_URL = `smtp://127.0.0.1:${port}`;
  worker = await makeWorker();
});
afterAll(() => server.close());
afterEach(async () => {
  had = [];
  refused = null;
  await db().channel.deleteMany();
});

const make = (parts: object) =>
  createChannel(
    systemActor,
    channelInputSchema.parse({
      kind: "email",
      name: "Team",
      address: "a@example.com, b@example.com",
      events: ["snapshot.failed", "snapshot.ready", "secret.rotated"],
      ...parts,
    }),
  );
const deliveries = async () => (await listDeliveries({ limit: 50 })).items;
async function deliverAll(): Promise<void> {
  while (await deliverNext());
}
const comeDue = () => db().$executeRaw`UPDATE deliveries SET next_at = now() WHERE status = 'pending'`;

it("is a mail of one subject line with a link, whatever the profile is called", async () => {
  const made = await make({});
  expect(made).toMatchObject({ url: "a@example.com, b@example.com", signingKey: null });
  const { profile, snapshot } = await publishProfile();
  await updateProfile(systemActor, profile.id, { name: "A\r\nBcc: eve@example.com\r\n\r\nHello" });
  await finishFailed(await claimBuild(snapshot.id, worker));
  await deliverAll();
  expect(had).toHaveLength(1);
  const [mail = ""] = had;
  const head = mail.slice(0, mail.indexOf("\r\n\r\n"));
  expect(head).not.toMatch(/^Bcc:/im);
  expect(head).toContain("To: a@example.com, b@example.com");
  expect(mail).toContain(`http://kiln.test/snapshots/${snapshot.id}`);
  const [sent] = await deliveries();
  expect(sent).toMatchObject({ status: "sent", lastStatus: 250 });
  expect(head).toMatch(new RegExp(`Message-ID:\\s+<${sent?.id}@`));
});

it("is refused for now, then taken under the same id; refused for ever, and given up at once", async () => {
  await make({});
  const first = await publishProfile();
  await finishReady(await claimBuild(first.snapshot.id, worker));
  refused = 450;
  await deliverAll();
  expect(await deliveries()).toMatchObject([{ status: "pending", attempts: 1, lastStatus: 450 }]);
  refused = null;
  await comeDue();
  await deliverAll();
  expect(await deliveries()).toMatchObject([{ status: "sent", attempts: 2 }]);
  const second = await publishProfile();
  await finishReady(await claimBuild(second.snapshot.id, worker));
  refused = 550;
  await deliverAll();
  expect((await deliveries())[0]).toMatchObject({ status: "failed", attempts: 1, lastStatus: 550 });
});

it("for chosen profiles hears of those, and of nothing that is no profile's", async () => {
  const [one, other] = [await publishProfile(), await publishProfile()];
  await make({ name: "One", profiles: [one.profile.slug] });
  await make({ name: "All" });
  for (const { snapshot } of [one, other]) await finishReady(await claimBuild(snapshot.id, worker));
  const payload = { summary: "Rotated.", data: {} };
  await db().$transaction((tx) =>
    tell(tx, { names: ["secret.rotated"], key: "secret", profileId: null, payload }),
  );
  const eventsTo = async (name: string) =>
    (await deliveries()).filter(({ channel }) => channel.name === name).map(({ event }) => event);
  expect(await eventsTo("One")).toEqual(["snapshot.ready"]);
  expect((await eventsTo("All")).toSorted()).toEqual(["secret.rotated", "snapshot.ready", "snapshot.ready"]);
  expect((await listChannels()).items.find(({ name }) => name === "One")?.profiles).toMatchObject([
    { slug: one.profile.slug },
  ]);
  expect(await codeOf(make({ profiles: ["nowhere"] }))).toBe("invalid_input");
});
