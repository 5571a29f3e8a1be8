import { launchBrowser } from "./browser";
import { createUser } from "@/lib/users/manage.server";
import { systemActor } from "@/lib/users/roles";
import { type Bench, publishProfile, untilReady, withToken } from "./kiln";
import { url } from "./address";
await withToken(async (bench: Bench) => {
  const email = `shot-${Date.now()}@kiln.local`;
  await createUser(systemActor, { email, name: "Ada Lovelace", role: "admin", password: "correct horse battery staple" });
  const made = await publishProfile(bench, `Node tools`, { setupScript: "echo hello" });
  const made2 = await publishProfile(bench, `Broken nightly`, { setupScript: "echo no; exit 3" });
  await untilReady(bench, made.snapshotId);
  await bench.call("PUT", `/profiles/${made.slug}/versions/1/schedule`, { cron: "30 2 * * *", timezone: "Europe/Berlin" });
  await bench.call("PUT", `/profiles/${made2.slug}/versions/1/schedule`, { cron: "0 */6 * * mon-fri", timezone: "America/New_York" });
  const { db } = await import("@/lib/db/client.server");
  await db().$executeRaw`UPDATE schedules SET due_at = now() - interval '3 days', run_at = now()`;
  await new Promise((r) => setTimeout(r, 9000));
  await db().$executeRaw`UPDATE schedules SET paused_reason = '6 refreshes in a row failed. Mend what is wrong, then resume the schedule.' WHERE cron LIKE '0 */6%'`;
  const browser = await launchBrowser();
  for (const theme of ["light", "dark"] as const) for (const width of [1440, 390]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, timezoneId: "America/New_York" });
    const page = await context.newPage();
    await page.addInitScript({ content: "globalThis.__name = (it) => it" });
    await page.goto(`${url}/sign-in`);
    await page.getByLabel(/e-?mail/i).fill(email);
    await page.getByLabel(/password/i).first().fill("correct horse battery staple");
    await page.getByRole("button", { name: /sign in/i }).click();
    await page.waitForURL(/\/profiles/);
    const shot = async (name: string) => { await page.waitForTimeout(700); await page.screenshot({ path: `/tmp/shots/${name}-${width}-${theme}.png` }); };
    await page.goto(`${url}/schedules`); await shot("schedules");
    await page.goto(`${url}/profiles/${made.slug}`); await shot("profile");
    await page.getByRole("button", { name: "Actions for version 1" }).click(); await shot("menu");
    await page.getByRole("menuitem", { name: "Change the schedule" }).click(); await shot("sheet");
    await page.goto(`${url}/profiles/${made2.slug}`); await shot("paused");
    await page.goto(`${url}/schedules`);
    await page.getByRole("button", { name: "Pause all background refreshes" }).click(); await shot("pause");
    await context.close();
  }
  await browser.close();
});
