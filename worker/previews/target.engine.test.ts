/** Connections to a port whose engine hangs: askers who leave, as a page can make as many of as it likes, don't add up. */
import { request } from "node:http";
import { afterAll, expect, test } from "vitest";
import { createDockerEngine } from "@/worker/containers/docker";
import { engineProxy } from "@/worker/containers/docker/testing/proxy";
import { until } from "@/worker/testing/until";
import { NotReached, Target } from "./target";

const proxy = await engineProxy();
afterAll(() => proxy.close());

test("only so many are being opened, and whoever comes then is told at once", async () => {
  const engine = createDockerEngine({ dockerHost: proxy.dockerHost });
  const target = new Target(engine, { containerId: "x", user: "root", workdir: "/" }, 8080);
  proxy.freeze();
  const leave = () => {
    const asked = request({ createConnection: target.connect });
    asked.on("error", () => asked.destroy()).end();
    asked.destroy();
  };
  for (let time = 0; time < 300; time++) leave();
  const refused = await new Promise((resolve) => {
    request({ createConnection: target.connect }).once("error", resolve).end();
  });
  expect(refused).toBeInstanceOf(NotReached);
  expect(refused).toMatchObject({ code: "too_many" });
  await until("those to have reached the engine", () => proxy.open() > 0);
  expect(proxy.open()).toBeLessThanOrEqual(64);

  // What breaks gives its place back.
  proxy.thaw();
  await until("them to be given up", async () => {
    proxy.cut();
    const error = await new Promise<unknown>((resolve) => {
      request({ createConnection: target.connect }).once("error", resolve).end();
    });
    return error instanceof NotReached && error.code !== "too_many";
  });
  target.close();
});
