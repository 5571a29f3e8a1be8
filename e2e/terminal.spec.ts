/** The terminal of a session in a real browser: typed into, resized, reloaded, cut off, in several tabs, and refused. */
import type { Page } from "@playwright/test";
import { ticketAnswerSchema } from "@/lib/terminals/wire";
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

test("the tabs of shells are worked with by keyboard, and closing one ends its shell, connected or not", async ({
  operator: page,
  api,
  watch,
}) => {
  watch.expect(/WebSocket|ERR_INTERNET_DISCONNECTED|Failed to (load|fetch)/);
  const { profile } = await api.publishReady("Tabs of shells");
  const session = await api.startSession(profile.slug);
  const sleeping = async () =>
    (await api.exec(session.id, "sh", "-c", "ps | grep '[s]leep 7654' || true")).stdout;
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto(`/sessions/${session.id}`);
  await expect(connected(page)).toBeVisible();
  await type(page, "sleep 76541 &");
  for (const number of [2, 3]) {
    await page.getByRole("button", { name: "New shell" }).click();
    await expect(page.getByRole("tabpanel", { name: `Shell ${number}` })).toBeVisible();
    await expect(page.getByRole("tab", { name: `Shell ${number}` })).toBeInViewport({ ratio: 1 });
    await expect(connected(page)).toBeVisible();
    await type(page, `sleep 7654${number} &`);
  }
  await expect.poll(sleeping).toMatch(/76541[\s\S]*76542[\s\S]*76543/);

  const shells = page.getByRole("tablist", { name: "Shells" });
  const tab = (number: number) => shells.getByRole("tab", { name: `Shell ${number}` });
  const panel = (number: number) => page.getByRole("tabpanel", { name: `Shell ${number}` });
  const isAt = async (number: number) => {
    await expect(tab(number)).toBeFocused();
    await expect(tab(number)).toHaveAttribute("aria-selected", "true");
    await expect(shells.locator('[tabindex="0"]')).toHaveCount(1);
    await expect(shells.locator('[aria-selected="true"]')).toHaveCount(1);
    await expect(panel(number)).toBeVisible();
    await expect(panel(number)).toHaveAttribute(
      "id",
      (await tab(number).getAttribute("aria-controls")) ?? "",
    );
  };
  await page.keyboard.press("Control+Shift+L");
  await expect(page.getByRole("button", { name: "Help for the terminal" })).toBeFocused();
  // An open search comes along, and leaves the focus where it is.
  const search = page.getByRole("textbox", { name: "Search the terminal" });
  await page.getByRole("button", { name: "Search the terminal" }).click();
  await expect(search).toBeFocused();
  await tab(3).focus();
  for (const [key, number] of [
    ["ArrowLeft", 2],
    ["ArrowLeft", 1],
    ["ArrowLeft", 3],
    ["ArrowRight", 1],
    ["End", 3],
    ["Home", 1],
  ] as const) {
    await page.keyboard.press(key);
    await isAt(number);
    await expect(search).toBeVisible();
  }
  await search.press("Escape");
  await tab(1).focus();
  await page.keyboard.press("Delete");
  await isAt(2);
  await expect.poll(sleeping).not.toContain("76541");
  expect(await sleeping()).toMatch(/76542[\s\S]*76543/);

  await test.step("one that isn't connected is ended as soon as there is a network", async () => {
    await page.context().setOffline(true);
    await expect(panel(2).getByText(/Not connected; the shell goes on/)).toBeVisible();
    await page.keyboard.press("Delete");
    await isAt(3);
    await expect(tab(2)).toHaveCount(0);
    await page.context().setOffline(false);
    await expect.poll(sleeping).not.toContain("76542");
  });

  await test.step("the last one leaves a way on; by hand the shell has the focus", async () => {
    await expect(connected(page)).toBeVisible();
    await tab(3).focus();
    await page.keyboard.press("Delete");
    await expect.poll(sleeping).toBe("");
    await expect(page.getByRole("main").getByText("New shell", { exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: "Terminal input" })).toBeFocused();
  });
  await page.reload();
  await expect(shells.getByRole("tab")).toHaveCount(1);
});

test("a viewer gets no terminal, no ticket to one, and ends none", async ({ viewer: page, api, crew }) => {
  const { profile } = await api.publishReady("Closed terminal");
  const session = await api.startSession(profile.slug);
  await page.goto(`/sessions/${session.id}`);
  await expect(page.getByText("A terminal takes an operator.")).toBeVisible();
  const tickets = `/sessions/${session.id}/terminal-tickets`;
  const asViewer = await crew.api("viewer");
  expect((await asViewer.ask("POST", tickets, { body: {} })).status).toBe(403);

  const { terminal } = await api.call(ticketAnswerSchema, "POST", tickets, { body: {} });
  const own = `/sessions/${session.id}/terminals/${terminal}`;
  expect((await asViewer.ask("DELETE", own)).status).toBe(403);
  expect((await api.ask("POST", tickets, { body: { terminal } })).status).toBe(201);
  for (let times = 0; times < 2; times += 1) expect((await api.ask("DELETE", own)).status).toBe(204);
  expect((await api.ask("POST", tickets, { body: { terminal } })).status).toBe(410);
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
