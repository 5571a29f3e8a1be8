import { beforeAll, describe, expect, it } from "vitest";
import { recordDisk } from "@/lib/hosts/store.server";
import { hostSchema } from "@/lib/hosts/wire";
import { pageOf } from "@/lib/page";
import { sweepAnswerSchema } from "@/lib/sweeps/wire";
import { makeToken } from "@/prisma/factories/people";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker } from "@/prisma/factories/workers";
import { answerOf, call, refusalOf } from "../testing/call";
import * as hosts from "./hosts/route";
import * as sweep from "./sweep/route";

useSuiteDatabase();
const tokens = { viewer: "", operator: "", admin: "" };
beforeAll(async () => {
  for (const role of ["viewer", "operator", "admin"] as const) tokens[role] = await makeToken(role);
});

describe("POST /sweep", () => {
  it("200 without a host; 403 for an operator; 422 for what it doesn't know", async () => {
    const post = (token: string, body: unknown) => call(sweep.POST, { token, body });
    expect(await answerOf(await post(tokens.admin, { dryRun: true }), 200, sweepAnswerSchema)).toEqual({
      dryRun: true,
      hosts: [],
    });
    expect(await refusalOf(await post(tokens.operator, {}))).toEqual([403, "forbidden"]);
    expect(await refusalOf(await post(tokens.admin, { force: true }))).toEqual([422, "invalid_input"]);
  });
});

describe("GET /hosts", () => {
  it("200: engine, disk and workers; a disk that nobody can see is null", async () => {
    const seen = await makeWorker();
    const unseen = await makeWorker();
    await recordDisk(seen.hostId, { dataRoot: "/var/lib/docker", freeBytes: 1_000, totalBytes: 5_000 });
    await recordDisk(unseen.hostId, { dataRoot: "/elsewhere", freeBytes: null, totalBytes: null });
    const answer = await call(hosts.GET, { token: tokens.viewer });
    const { items } = await answerOf(answer, 200, pageOf(hostSchema));
    expect(items.find(({ id }) => id === seen.hostId)).toMatchObject({
      engine: "test",
      dataRoot: "/var/lib/docker",
      disk: { freeBytes: 1_000, totalBytes: 5_000, low: true },
      workers: [{ name: seen.name, status: "running" }],
    });
    expect(items.find(({ id }) => id === unseen.hostId)).toMatchObject({
      dataRoot: "/elsewhere",
      disk: null,
      stepResults: 0,
    });
  });
});
