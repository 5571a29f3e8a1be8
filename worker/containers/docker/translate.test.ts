import { expect, test } from "vitest";
import { EngineError, type OutputChunk, type Ownership } from "../types";
import { clientOptions } from "./connect";
import { toEngineError } from "./errors";
import { withoutLeader } from "./exec-leader";
import { splitReference } from "./images";
import { parseContainerOwnership, parseOwnership, toLabels } from "./labels";

const owner: Ownership = { installation: "i", kind: "build", owner: "o", fence: 3, worker: "w" };

test("labels are read back as they were written", () => {
  expect(parseOwnership(toLabels(owner))).toEqual(owner);
  const short: Ownership = { installation: "i", kind: "session", owner: "o" };
  expect(parseOwnership(toLabels(short))).toEqual(short);
  expect(parseOwnership({ ...toLabels(owner), "org.example": "also" })).toEqual(owner);
});

test.for(Object.keys(toLabels(owner)))("without %s it isn't ours", (label) => {
  const { [label]: _, ...rest } = toLabels(owner);
  expect(parseOwnership(rest)).toBeNull();
});

test("nonsense isn't ours, nor is a container that an image handed our labels down to", () => {
  expect(parseOwnership(null)).toBeNull();
  expect(parseOwnership({ ...toLabels(owner), "dev.kiln.kind": "other" })).toBeNull();
  expect(parseOwnership({ ...toLabels(owner), "dev.kiln.attempt": "x" })).toBeNull();
  expect(parseContainerOwnership(toLabels({ ...owner, kind: "snapshot" }))).toBeNull();
});

function httpError(
  statusCode: number,
  json: unknown,
  message = `(HTTP code ${statusCode}) server error - why - so `,
) {
  return Object.assign(new Error(message), { statusCode, json });
}

test.for([
  { thrown: httpError(404, { message: "no such" }), code: "not_found", message: "no such" },
  { thrown: httpError(409, { message: "in use" }), code: "conflict", message: "in use" },
  { thrown: httpError(400, null), code: "failed", message: "why - so" },
  {
    thrown: httpError(500, { message: "no such image, not found" }),
    code: "failed",
    message: "no such image, not found",
  },
  {
    thrown: httpError(500, null, "(HTTP code 500) server error -  "),
    code: "failed",
    message: "The engine answered 500.",
  },
  { thrown: httpError(503, null), code: "unavailable", message: "why - so" },
])("status $thrown.statusCode is $code", ({ thrown, code, message }) => {
  expect(toEngineError(thrown)).toMatchObject({ name: "EngineError", code, message });
});

test.for([
  "ECONNREFUSED",
  "ENOENT",
  "ECONNRESET",
  "EACCES",
  "EAI_AGAIN",
  "EPIPE",
  "HPE_INVALID_CONSTANT",
  "CERT_HAS_EXPIRED",
])("%s is an engine that can't be reached", (code) => {
  const thrown = Object.assign(new Error("connect /socket"), { code });
  expect(toEngineError(thrown)).toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("/socket"),
  });
});

test("a fault of ours stays what it is", () => {
  const wrong = Object.assign(new TypeError("argument"), { code: "ERR_INVALID_ARG_TYPE" });
  const known = new EngineError("conflict", "known");
  expect(toEngineError(wrong)).toBe(wrong);
  expect(toEngineError(known)).toBe(known);
  expect(toEngineError("text")).toBe("text");
});

test.for([
  ["debian", "debian", "latest"],
  ["debian:12", "debian", "12"],
  ["host:5000/a/b", "host:5000/a/b", "latest"],
  ["host:5000/a/b:c", "host:5000/a/b", "c"],
  ["host:5000/a/b:c@sha256:abc", "host:5000/a/b", "c"],
] as const)("%s is the repository %s and the tag %s", ([reference, repository, tag]) => {
  expect(splitReference(reference)).toEqual({ repository, tag });
});

test("DOCKER_HOST is understood as the Docker CLI does, and nothing of the environment slips in", () => {
  expect(clientOptions("unix:///a/b.sock", {})).toMatchObject({ socketPath: "/a/b.sock", host: undefined });
  expect(clientOptions("unix://", {})).toMatchObject({ socketPath: "/var/run/docker.sock" });
  expect(clientOptions("tcp://10.0.0.1:1234", {})).toMatchObject({
    host: "10.0.0.1",
    port: "1234",
    protocol: "http",
  });
  expect(clientOptions("tcp://10.0.0.1", {})).toMatchObject({
    port: "2375",
    socketPath: undefined,
    timeout: undefined,
  });
  expect(clientOptions("tcp://[::1]:1234", {})).toMatchObject({ host: "::1", port: "1234" });
  const tls = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/nowhere" };
  expect(() => clientOptions("tcp://10.0.0.1", tls)).toThrow(/\/nowhere\/ca\.pem can't be read.*cert\.pem/);
  for (const wrong of ["ssh://host", "http://host", "/var/run/docker.sock", "nonsense"])
    expect(() => clientOptions(wrong, {})).toThrow(wrong);
});

test.for([
  { pieces: ["12\nout"], leader: 12, text: "out" },
  { pieces: ["1", "2", "\n", "out"], leader: 12, text: "out" },
  { pieces: ["12\n"], leader: 12, text: "" },
  {
    pieces: ["OCI runtime exec failed: nothing\n"],
    leader: null,
    text: "OCI runtime exec failed: nothing\n",
  },
  { pieces: ["ab", "c\nd"], leader: null, text: "abc\nd" },
  { pieces: ["12"], leader: null, text: "12" },
  { pieces: ["\nx"], leader: null, text: "\nx" },
  { pieces: [], leader: null, text: "" },
])("the shell's line in $pieces is $leader", async ({ pieces, leader, text }) => {
  const source = async function* (): AsyncGenerator<OutputChunk> {
    for (const piece of pieces) {
      yield { stream: "stderr", data: Buffer.from("!") };
      yield { stream: "stdout", data: Buffer.from(piece) };
    }
  };
  let said: number | null = null;
  const seen: Record<string, string> = { stdout: "", stderr: "" };
  for await (const { stream, data } of withoutLeader(source(), (number) => {
    said = number;
  }))
    seen[stream] += Buffer.from(data).toString();
  expect({ said, ...seen }).toEqual({ said: leader, stdout: text, stderr: "!".repeat(pieces.length) });
});

const alert = (says: string, number: number) =>
  `409D2650BA7F0000:error:0A000418:SSL routines:ssl3_read_bytes:${says}:../deps/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number ${number}\n`;

test.for([
  [
    "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
    alert("tlsv1 alert unknown ca", 48),
    "refused this worker's certificate: tlsv1 alert unknown ca.",
  ],
  [
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    alert("tlsv13 alert certificate required", 116),
    "refused this worker's certificate: tlsv13",
  ],
  [
    "EPROTO",
    `write EPROTO ${alert("ssl/tls alert bad certificate", 42)}`,
    "refused this worker's certificate: ssl/tls alert bad certificate.",
  ],
  [
    "SELF_SIGNED_CERT_IN_CHAIN",
    "self-signed certificate in certificate chain",
    "certificate isn't trusted: self-signed",
  ],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "Hostname/IP does not match certificate's altnames",
    "isn't trusted: Hostname/IP does not match",
  ],
  ["ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1", "can't be reached: connect ECONNREFUSED 127.0.0.1:1."],
] as const)("of %s people are told what to look at", ([code, message, told]) => {
  expect(toEngineError(Object.assign(new Error(message), { code }))).toMatchObject({
    code: "unavailable",
    message: expect.stringContaining(told),
  });
});
