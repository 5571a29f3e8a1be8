/** Sends one message to its channel, in that channel's form. */
import { type Attempt, type Outgoing, settleMessage, takeMessage } from "@/lib/channels/outbox.server";
import { rowOf, type SealedPart } from "@/lib/channels/seal.server";
import { env } from "@/lib/env.server";
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import { secretKey } from "@/lib/secrets/key.server";
import { open } from "@/worker/secrets/open";
import { sendMail } from "./mail";
import { post } from "./post";
import { signatureHeaders } from "./sign";

/** Of an answer that refuses, for the record. */
const QUOTED = 200;

/** Takes and sends the next message. @returns false when none is due. */
export async function deliverNext(): Promise<boolean> {
  const message = await takeMessage();
  if (!message) return false;
  const attempt = await send(message);
  if (attempt.error !== null)
    log.info(
      { deliveryId: message.id, channelId: message.channel.id, ...attempt },
      "a message was not taken",
    );
  await settleMessage(message, attempt);
  return true;
}

async function send(message: Outgoing): Promise<Attempt> {
  try {
    const { kind, allowPrivate } = message.channel;
    if (kind === "email") return await email(message);
    const { headers, body } = kind === "slack" ? slack(message) : await webhook(message);
    const address = await opened(message, "target", message.channel.sealedTarget);
    const answer = await post(address, { headers, body, allowPrivate });
    if (answer.status >= 200 && answer.status < 300) return { status: answer.status, error: null };
    const said = answer.body.trim().slice(0, QUOTED);
    const why =
      answer.status >= 300 && answer.status < 400
        ? "It sends on to another address, which isn’t followed: give the channel that one."
        : `It answered ${answer.status}${said ? `: ${said}` : ""}.`;
    return { status: answer.status, error: why };
  } catch (error) {
    return { status: null, error: error instanceof Error ? error.message : String(error) };
  }
}

const json = { "content-type": "application/json", "user-agent": "Kiln" };

/** Where people can see what it speaks of; null where this worker wasn't told its address. */
function linkOf({ payload }: Outgoing): string | null {
  const { path } = payload.data;
  const base = env().NEXTAUTH_URL;
  return base && typeof path === "string" ? new URL(path, base).href : null;
}

function slack(message: Outgoing) {
  const link = linkOf(message);
  // What a message says mustn't be taken for Slack's own marks.
  const said = message.payload.summary
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
  return { headers: json, body: JSON.stringify({ text: link ? `${said} <${link}|Open it>` : said }) };
}

async function email(message: Outgoing): Promise<Attempt> {
  const { KILN_SMTP_URL: server, KILN_MAIL_FROM: from } = env();
  if (!server || !from)
    return {
      status: null,
      error: "The worker that took it can’t send e-mail: give it KILN_SMTP_URL and KILN_MAIL_FROM.",
    };
  const { id, createdAt, payload, channel } = message;
  const link = linkOf(message);
  return sendMail(server, {
    from,
    to: (await opened(message, "target", channel.sealedTarget)).split(", "),
    messageId: `<${id}@${await installationId()}.kiln>`,
    date: createdAt,
    subject: `Kiln: ${payload.summary}`,
    text: `${payload.summary}\n${link ? `\n${link}\n` : ""}\n-- \nSent by Kiln. An administrator chooses what it tells, under Settings, Channels.\n`,
  });
}

async function webhook(message: Outgoing) {
  const { id, event, createdAt, payload, channel } = message;
  const body = JSON.stringify({
    type: event,
    timestamp: createdAt.toISOString(),
    ...payload,
    url: linkOf(message),
  });
  const at = Math.floor(Date.now() / 1_000);
  if (channel.sealedKey === null) return { headers: json, body };
  const key = await opened(message, "key", channel.sealedKey);
  return { headers: { ...json, ...signatureHeaders(key, id, at, body) }, body };
}

async function opened({ channel }: Outgoing, part: SealedPart, sealed: Uint8Array): Promise<string> {
  return open(secretKey(), rowOf(await installationId(), channel.id, part), sealed);
}
