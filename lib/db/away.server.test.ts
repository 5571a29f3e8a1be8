import { DatabaseError } from "pg";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isDatabaseAway } from "./away.server";
import { Prisma } from "./generated/client";

const known = (code: string, cause?: object) =>
  new Prisma.PrismaClientKnownRequestError("Raw query failed.", {
    code,
    clientVersion: "7",
    ...(cause ? { meta: { driverAdapterError: { name: "DriverAdapterError", cause } } } : {}),
  });
const server = (code: string, severity = "ERROR") => ({ kind: "postgres", code, severity, message: "" });
const told = (code: string, severity: string) =>
  Object.assign(new DatabaseError("of the server", 10, "error"), { code, severity });
const withCode = (code: string) => Object.assign(new Error("connect"), { code });

describe("isDatabaseAway", () => {
  it.each([
    ["a raw statement whose connection was closed", known("P2010", { kind: "ConnectionClosed" })],
    ["one that never reached it", known("P2010", { kind: "DatabaseNotReachable", host: "h", port: 1 })],
    ["one that the server ended", known("P2010", server("57P01", "FATAL"))],
    ["a deadlock", known("P2010", server("40P01"))],
    ["a transaction that expired", known("P2028")],
    ["no connection free in time", known("P2024")],
    ["a start in vain", new Prisma.PrismaClientInitializationError("can't reach", "7")],
    ["the server's word to the plain driver", told("57P01", "FATAL")],
    ["the driver's own word", new Error("Connection terminated unexpectedly")],
    [
      "the adapter's own error",
      Object.assign(new Error("x"), { name: "DriverAdapterError", cause: { kind: "SocketTimeout" } }),
    ],
    ["a refused connection", withCode("ECONNREFUSED")],
    ["a refused connection to each address", Object.assign(new AggregateError([]), { code: "ECONNREFUSED" })],
  ])("%s", (_what, error) => expect(isDatabaseAway(error)).toBe(true));

  it.each([
    ["a row that is there already", known("P2002")],
    ["the same from a raw statement", known("P2010", server("23505"))],
    ["a column that isn't there", known("P2010", { kind: "ColumnNotFound", column: "x" })],
    ["the server's refusal to the plain driver", told("22P02", "ERROR")],
    ["a mistake of ours", new TypeError("x is undefined")],
    ["one without a class", new Error("The claim is lost.")],
    ["a file that isn't there", withCode("ENOENT")],
    ["data that doesn't fit", new z.ZodError([])],
    ["something else", "ECONNREFUSED"],
  ])("not %s", (_what, error) => expect(isDatabaseAway(error)).toBe(false));
});
