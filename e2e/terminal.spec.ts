/** The terminal of a session in a real browser: typed into, resized, reloaded, cut off, in several tabs, and refused. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/test";

const shown = (page: Page) => page.locator(".xterm-rows:visible");
const connected = (page: Page) => page.getByText("Connected", { exact: true }).and(page.locator(":visible"));

async function type(page: Page, line: string): Promise<void> {
  await page.locator(".xterm:visible").click();
  await page.keyboard.type(`${line}\n`);
}

test("a shell is typed into, follows the window, and is here again after a reload and a cut", async ({
  operator: page,
  api,
  watch,
}) => {
  watch.expect(/WebSocket|ERR_INTERNET_DISCONNECTED|Failed to (load|fetch)/);
  const { profile } = await api.publishReady("Terminal");
  const session = await api.startSession(profile.slug);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`/sessions/${session.id}`);
  await expect(connected(page)).toBeVisible();
  await type(page, "MARK=kept; echo $((40+2))-is-it");
  await expect(shown(page)).toContainText("42-is-it");

  const columns = async () => {
    await type(page, "clear; echo =$(stty size | cut -d' ' -f2)=");
    await expect(shown(page)).toContainText(/=\d+=/);
    return Number(/=(\d+)=/.exec(await shown(page).innerText())?.[1]);
  };
  const wide = await columns();
  await page.setViewportSize({ width: 700, height: 800 });
  await expect.poll(columns).toBeLessThan(wide);

  await page.reload();
  await expect(connected(page)).toBeVisible();
  await expect(shown(page)).toContainText(/=\d+=/);
  await type(page, "echo $MARK-here");
  await expect(shown(page)).toContainText("kept-here");

  // Gone for the browser, as when a laptop sleeps; and back by itself.
  const sockets = page.waitForEvent("websocket");
  await page.reload();
  const socket = await sockets;
  expect(socket.url()).not.toContain("ticket");
  await expect(connected(page)).toBeVisible();
  await page.context().setOffline(true);
  await expect(page.getByText(/Not connected; the shell goes on/)).toBeVisible({ timeout: 5_000 });
  await page.context().setOffline(false);
  await expect(connected(page)).toBeVisible();
  await type(page, "echo $MARK-again");
  await expect(shown(page)).toContainText("kept-again");

  // Another shell knows nothing of it.
  await page.getByRole("button", { name: "New shell" }).click();
  await expect(connected(page)).toBeVisible();
  await type(page, "echo [$MARK]");
  await expect(shown(page)).toContainText("[]");
  await page.getByRole("tab", { name: "Shell 1" }).click();
  await expect(shown(page)).toContainText("kept-again");

  // The way out by keyboard; Tab itself is the shell's.
  await page.locator(".xterm:visible").click();
  await page.keyboard.press("Tab");
  await expect(
    page.getByRole("textbox", { name: "Terminal input" }).and(page.locator(":visible")),
  ).toBeFocused();
  await page.keyboard.press("Control+Shift+L");
  await expect(page.getByRole("button", { name: "Help for the terminal" })).toBeFocused();
  await page.locator(".xterm:visible").click();
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("textbox", { name: "Search the terminal" }).fill("kept-again");
  await page.keyboard.press("Escape");

  await type(page, "exit 3");
  await expect(page.getByText("The shell ended with exit code 3.")).toBeVisible();
  await page.getByRole("button", { name: "Start a new shell" }).click();
  await expect(connected(page)).toBeVisible();
  await page.getByRole("button", { name: "Stop session" }).click();
  await expect(page.getByText("The session is stopped. Resume it to work in it.")).toBeVisible();
});

test("a viewer gets no terminal, and no ticket to one", async ({ viewer: page, api, crew }) => {
  const { profile } = await api.publishReady("Closed terminal");
  const session = await api.startSession(profile.slug);
  await page.goto(`/sessions/${session.id}`);
  await expect(page.getByText("A terminal takes an operator.")).toBeVisible();
  const answer = await (await crew.api("viewer")).ask("POST", `/sessions/${session.id}/terminal-tickets`, {
    body: {},
  });
  expect(answer.status).toBe(403);
});

test("a shell that comes while a dialog is answered doesn't take what is typed there", async ({
  operator: page,
  api,
}) => {
  const { profile } = await api.publishReady("Late shell");
  const session = await api.startSession(profile.slug);
  const release = Promise.withResolvers<void>();
  await page.route(`**/api/v1/sessions/${session.id}/terminals`, async (route) => {
    await release.promise;
    await route.continue();
  });
  await page.goto(`/sessions/${session.id}`);
  await page.getByRole("button", { name: "Delete session" }).click();
  const keep = page.getByRole("alertdialog").getByRole("button", { name: "Keep it" });
  await keep.focus();
  release.resolve();
  await expect(page.getByText("Connected", { exact: true })).toBeAttached();
  await expect(keep).toBeFocused();
  await keep.click();
  await page.locator(".xterm").click();
  await page.keyboard.type("echo here again\n");
  await expect(page.locator(".xterm-rows")).toContainText("here again");
});
