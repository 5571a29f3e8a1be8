/** E-mail, to a mail server that is really there. */
import { type AddressInfo, createServer, type Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, expect, it } from "vitest";
import { oneLine, sendMail } from "./mail";

interface Had {
  from: string;
  to: string[];
  /** As it came over the line. */
  text: string;
}
let had: Had[] = [];
const closing: Array<() => void> = [];
afterEach(() => {
  had = [];
  for (const close of closing.splice(0)) close();
});

const refusal = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

/** @returns its address. */
async function mailServer(options: SMTPServerOptions = {}, user = ""): Promise<string> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    logger: false,
    closeTimeout: 0,
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        had.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(pieces).toString("utf8"),
        });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {
    // A client that gives up is what some of these tests are about.
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const { port } = server.server.address() as AddressInfo;
  return `smtp://${user ? `${user}@` : ""}127.0.0.1:${port}`;
}

const mail = {
  from: "Kiln <kiln@example.com>",
  to: ["a@example.com", "b@example.com"],
  messageId: "<1@test.kiln>",
  date: new Date("2026-01-02T03:04:05Z"),
  subject: "Kiln: it failed",
  text: "It failed.\n.\nReally.\n",
};

it("is taken: by all of them, with a text, a date and an id that stay the same", async () => {
  const address = await mailServer();
  expect(await sendMail(address, mail)).toEqual({ status: 250, error: null });
  expect(await sendMail(address, mail)).toEqual({ status: 250, error: null });
  expect(had).toHaveLength(2);
  expect(had[0]).toMatchObject({ from: "kiln@example.com", to: mail.to });
  expect(had[0]?.text).toContain("Message-ID: <1@test.kiln>\r\n");
  expect(had[0]?.text).toContain("Date: Fri, 02 Jan 2026 03:04:05 +0000\r\n");
  expect(had[0]?.text).toContain("\r\n\r\nIt failed.\r\n.\r\nReally.");
  expect(had[1]?.text).toBe(had[0]?.text);
});

it("has headers of its own only, whatever a profile is called", async () => {
  const address = await mailServer();
  const subject = "Kiln: A\r\nBcc: eve@example.com\r\n\r\nHello\u2028Reply-To: eve@example.com failed";
  await sendMail(address, { ...mail, subject });
  const [head = ""] = (had[0]?.text ?? "").split("\r\n\r\n");
  const names = head.split(/\r\n(?!\s)/).map((line) => line.split(":")[0]);
  expect(names).not.toContain("Bcc");
  expect(names).not.toContain("Reply-To");
  expect(had[0]?.to).toEqual(mail.to);
  expect(oneLine(`a\n\tb\u0000c${"x".repeat(500)}`)).toMatch(/^a b cx+…$/);
});

it("that is refused for now is tried again, for ever is not", async () => {
  const later = await mailServer({ onRcptTo: (_to, _session, done) => done(refusal(450, "Try later")) });
  expect(await sendMail(later, mail)).toMatchObject({
    status: 450,
    error: expect.stringContaining("450 Try later"),
    final: false,
  });
  const never = await mailServer({ onMailFrom: (_from, _session, done) => done(refusal(550, "Go away")) });
  expect(await sendMail(never, mail)).toMatchObject({
    status: 550,
    error: expect.stringContaining("550 Go away"),
    final: true,
  });
  const half = await mailServer({
    onRcptTo: (to, _session, done) => done(to.address.startsWith("b") ? refusal(550, "No such box") : null),
  });
  expect(await sendMail(half, mail)).toMatchObject({
    error: expect.stringMatching(/^b@example.com was refused, the others have it: .*No such box/),
    final: true,
  });
  expect(had).toMatchObject([{ to: ["a@example.com"] }]);
});

it("waits for a server that hangs no longer than it may, and for one that isn’t there not at all", async () => {
  const open = new Set<Socket>();
  const silent = createServer((socket) => open.add(socket.on("error", () => socket.destroy())));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of open) socket.destroy();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  const attempt = await sendMail(`smtp://127.0.0.1:${port}`, mail, 200);
  expect(attempt).toMatchObject({ status: null, error: "The mail server didn’t take it within 0.2 s." });
  const slow = await mailServer({ onData: (stream) => stream.resume() });
  expect(await sendMail(slow, mail, 500)).toMatchObject({ error: expect.stringContaining("within 0.5 s") });
  const gone = await sendMail("smtp://127.0.0.1:9", mail);
  expect(gone).toMatchObject({ status: null, error: expect.stringContaining("ECONNREFUSED") });
  expect("final" in gone && gone.final).toBe(false);
});

it("with a password that is wrong is tried again, and nobody is shown the password", async () => {
  const onAuth: SMTPServerOptions["onAuth"] = (auth, _session, done) =>
    auth.username === "kiln" && auth.password === "p@ss word"
      ? done(null, { user: "kiln" })
      : done(refusal(535, "Authentication failed"));
  const right = await mailServer({ onAuth, authOptional: false }, "kiln:p%40ss%20word");
  expect(await sendMail(right, mail)).toEqual({ status: 250, error: null });
  const wrong = await sendMail(right.replace("p%40ss", "hidden"), mail);
  expect(wrong).toMatchObject({
    status: 535,
    error: expect.stringContaining("didn’t take user and password"),
  });
  expect("final" in wrong && wrong.final).toBeFalsy();
  expect(JSON.stringify(wrong)).not.toContain("hidden");
});
