/** Sends one e-mail: one connection, one message, a deadline for all of it. */
import { isIP } from "node:net";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection, { type SentMessageInfo } from "nodemailer/lib/smtp-connection";
import { z } from "zod";
import type { Attempt } from "@/lib/channels/outbox.server";

export interface Mail {
  from: string;
  to: string[];
  /** The same at every attempt: by it a mailbox knows what it has already. */
  messageId: string;
  date: Date;
  subject: string;
  text: string;
}

const DEADLINE_MS = 15_000;
const SUBJECT_LENGTH = 150;

/** Of whatever it is made: one line, without anything that would begin another header. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return line.length > SUBJECT_LENGTH ? `${line.slice(0, SUBJECT_LENGTH - 1).toWellFormed()}…` : line;
}

/** @param address of the mail server, with user and password where it wants them @returns how it went; never throws. */
export async function sendMail(address: string, mail: Mail, deadlineMs = DEADLINE_MS): Promise<Attempt> {
  const { hostname, port, protocol, username, password } = new URL(address);
  const host = hostname.replaceAll(/[[\]]/g, "");
  const connection = new SMTPConnection({
    host,
    ...(port ? { port: Number(port) } : {}),
    secure: protocol === "smtps:",
    // A password goes over a line that nobody else reads.
    requireTLS: username !== "" && !isHere(host),
    socketCloseTimeout: 0,
  });
  let late: NodeJS.Timeout | undefined;
  try {
    const { envelope, message } = await composed(mail);
    const deadline = new Promise<never>((_, reject) => {
      late = setTimeout(
        () => reject(new Error(`The mail server didn’t take it within ${deadlineMs / 1_000} s.`)),
        deadlineMs,
      );
      connection.on("error", reject);
      connection.on("end", () => reject(new Error("The mail server closed the connection.")));
    });
    const talk = async () => {
      await answered((done) => connection.connect(done));
      if (username)
        await answered((done) =>
          connection.login({ user: decodeURIComponent(username), pass: decodeURIComponent(password) }, done),
        );
      return answered<SentMessageInfo>((done) => connection.send(envelope, message, done));
    };
    return outcomeOf(await Promise.race([talk(), deadline]));
  } catch (error) {
    return refusalOf(error);
  } finally {
    clearTimeout(late);
    connection.close();
  }
}

/** This machine: what is said to it goes over no line. */
const isHere = (host: string) =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));

/** The answer of a function that calls back. */
function answered<T>(ask: (done: (error?: Error | null, value?: T) => void) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    ask((error, value) => (error ? reject(error) : resolve(value)));
  });
}

async function composed(mail: Mail) {
  const node = new MailComposer({
    from: mail.from,
    to: mail.to,
    messageId: mail.messageId,
    date: mail.date,
    subject: oneLine(mail.subject),
    text: mail.text,
    // Answering machines leave it unanswered.
    headers: { "Auto-Submitted": "auto-generated" },
    // What a text names is never read from this machine or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return { envelope: node.getEnvelope(), message: await node.build() };
}

/** As nodemailer says what went wrong. */
const problemSchema = z.object({
  message: z.string(),
  code: z.string().optional(),
  responseCode: z.number().optional(),
  response: z.string().optional(),
  permanent: z.boolean().optional(),
  recipient: z.string().optional(),
});
type Problem = z.infer<typeof problemSchema>;

/** Some may have been refused while others were taken: that is no success, and a second sending is known by its id. */
function outcomeOf(sent: SentMessageInfo | undefined): Attempt {
  const refused = (sent?.rejectedErrors ?? []).map((each) => problemSchema.parse(each));
  const [first] = refused;
  if (!first) return { status: 250, error: null };
  const who = refused.map(({ recipient }) => recipient).join(", ");
  return {
    status: first.responseCode ?? null,
    error: `${who} was refused, the others have it: ${said(first)}`,
    final: refused.every(({ permanent }) => permanent),
  };
}

function refusalOf(error: unknown): Attempt {
  const problem = problemSchema.safeParse(error).data;
  if (!problem) return { status: null, error: String(error) };
  const status = problem.responseCode ?? null;
  // Who may send isn't the message's fault: it may be set right while the message waits.
  if (problem.code === "EAUTH" || problem.code === "ENOAUTH")
    return { status, error: `The mail server didn’t take user and password: ${said(problem)}` };
  const isAboutMessage = problem.code === "EENVELOPE" || problem.code === "EMESSAGE";
  return { status, error: said(problem), final: isAboutMessage && problem.permanent === true };
}

const QUOTED = 300;
const said = ({ message, response }: Problem) =>
  oneLine(response ? `it answered ${response}` : message).slice(0, QUOTED);
