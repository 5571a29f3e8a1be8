/** Who is told of a failure: a channel from its making to a message that arrives. */
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { unique } from "./fixtures/names";
import { test as base, expect } from "./fixtures/test";

interface Received {
  id: string;
  signed: string;
  at: string;
  body: string;
}

/** A receiver on this machine that takes everything. */
const test = base.extend<{ receiver: { url: string; received: Received[] } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from it
  receiver: async ({}, use) => {
    const received: Received[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => {
        body += String(piece);
      });
      request.on("end", () => {
        const header = (name: string) => String(request.headers[name]);
        received.push({
          ...{ id: header("webhook-id"), at: header("webhook-timestamp") },
          ...{ signed: header("webhook-signature"), body },
        });
        response.end("thanks");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await use({ url: `http://127.0.0.1:${port}/hook`, received });
    server.closeAllConnections();
    server.close();
  },
});

test("a channel is made, tested, and hears of a failure; what isn't allowed is refused", async ({
  admin: page,
  api,
  receiver,
}) => {
  const name = unique("Team");
  await page.goto("/settings/notifications");
  const create = async (channel: string, allowed: boolean) => {
    await page.getByRole("button", { name: "New channel" }).click();
    const dialog = page.getByRole("dialog", { name: "New channel" });
    await dialog.getByLabel("Name", { exact: true }).fill(channel);
    await dialog.getByLabel("Address", { exact: true }).fill("mailto:me@example.com");
    await dialog.getByRole("button", { name: "Create channel" }).click();
    await expect(dialog.getByText(/begins with https/)).toBeVisible();
    await dialog.getByLabel("Address", { exact: true }).fill(`${receiver.url}?key=hidden`);
    if (allowed) await dialog.getByRole("checkbox", { name: /our own network/ }).click();
    await dialog.getByRole("button", { name: "Create channel" }).click();
    const made = page.getByRole("dialog", { name: "Copy the signing key now" });
    const key = await made.getByText(/^whsec_/).textContent();
    await made.getByRole("button", { name: "I have it" }).click();
    return key ?? "";
  };
  const key = await create(name, true);
  const channel = page.getByRole("table", { name: "Channels" }).getByRole("row").filter({ hasText: name });
  await expect(channel).toContainText(receiver.url);
  await expect(channel).not.toContainText("hidden");
  const deliveries = page
    .getByRole("table", { name: "Deliveries" })
    .getByRole("row")
    .filter({ hasText: name });
  await channel.getByRole("button", { name: `Send a test to ${name}` }).click();
  await expect(deliveries.filter({ hasText: "Test" })).toContainText("Sent");
  expect(receiver.received).toHaveLength(1);

  const { profile, snapshot } = await api.publishProfile("Heard of", { setupScript: "exit 3" });
  expect((await api.ended(snapshot.id)).status).toBe("failed");
  const told = deliveries.filter({ hasText: profile.name });
  await expect(told).toContainText("A version begins to fail");
  await expect(told).toContainText("Sent");
  const message = receiver.received.find(({ body }) => body.includes(profile.name));
  expect(JSON.parse(message?.body ?? "")).toMatchObject({
    type: "snapshot.first_failure",
    data: { snapshot: { id: snapshot.id, failure: { code: "setup_failed", exitCode: 3 } } },
  });
  const secret = Buffer.from(key.slice("whsec_".length), "base64");
  const signed = createHmac("sha256", secret).update(`${message?.id}.${message?.at}.${message?.body}`);
  expect(message?.signed).toBe(`v1,${signed.digest("base64")}`);

  const other = `${name} outside`;
  await create(other, false);
  await page.getByRole("button", { name: `Send a test to ${other}` }).click();
  const refused = page.getByRole("table", { name: "Deliveries" }).getByRole("row").filter({ hasText: other });
  await expect(refused).toContainText("private network");

  for (const each of [other, name]) {
    await page.getByRole("button", { name: `Delete ${each}`, exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete channel" }).click();
    await expect(page.getByRole("alertdialog")).toBeHidden();
  }
  await expect(channel).toHaveCount(0);
});
