/** The commands of a session in a real browser: what is read stays in place while more is printed. */
import { expect, test } from "./fixtures/test";

test("output that comes while somebody reads further up moves nothing; a new command is shown again", async ({
  operator: page,
  api,
}) => {
  const { profile } = await api.publishReady("Long output");
  const session = await api.startSession(profile.slug);
  await page.goto(`/sessions/${session.id}?tab=commands`);
  const shell = page.getByLabel("Shell command");
  const said = page.getByRole("log", { name: "Commands and their output" });
  const fromEnd = () => said.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
  await shell.fill("seq 1 300; while [ ! -e /tmp/go ]; do sleep 0.1; done; seq 301 600");
  await shell.press("Enter");
  await expect(said.getByText("300", { exact: true })).toBeInViewport();
  expect(await fromEnd()).toBeLessThan(24);

  await said.hover();
  await page.mouse.wheel(0, -2_000);
  await expect.poll(fromEnd).toBeGreaterThan(1_000);
  const before = await said.evaluate((log) => log.scrollTop);
  await api.exec(session.id, "touch", "/tmp/go");
  await expect(said.getByText("600", { exact: true })).toBeAttached();
  expect(await said.evaluate((log) => log.scrollTop)).toBe(before);

  await shell.fill("echo the last one");
  await shell.press("Enter");
  await expect(said.getByText("the last one", { exact: true })).toBeInViewport();
});
