/**
 * What the processes are told, by environment variables and nothing else.
 *
 * | variable | who reads it | meaning |
 * |---|---|---|
 * | DATABASE_URL | web, worker, migrate, seed, token | the database; set by the user it replaces the embedded server |
 * | DOCKER_HOST | worker | the engine; set by the user it replaces the one that is found |
 * | PORT | start | where the web listens, 3000 unless given |
 * | NEXTAUTH_URL | web, worker | the address that people use, and that messages lead to; http://localhost:PORT unless given |
 * | KILN_SMTP_URL, KILN_MAIL_FROM | web, worker | smtp:// or smtps://, with user and password where they are needed, and who e-mail is from; without them there is none |
 * | KILN_PREVIEW_DOMAIN | web | what previews of sessions' ports are under; on one's own machine preview.localhost |
 * | KILN_SECRET | web, worker | signs sessions; made once and kept in the data folder unless given |
 * | KILN_SECRET_KEY | web, worker | encrypts secrets; made by whichever needs it first and kept in the data folder unless given |
 * | KILN_DATA_DIR | all | the data folder, `.data` unless given |
 * | KILN_ADMIN_EMAIL, KILN_ADMIN_PASSWORD | seed | the first administrator; without a password one is made and printed |
 * | KILN_DEFAULT_BASE_IMAGE | all | what new profiles start from |
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dataDir, dataFolder } from "./paths.mjs";
import { Refusal } from "./refusal.mjs";

/** @returns {number} */
export function readPort() {
  const given = process.env.PORT || "3000";
  const port = Number(given);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Refusal(`PORT must be a number between 1 and 65535, it is ${given}.`);
}

/** The signing secret: the user's, or one that is made at the first start and stays. */
export function readSecret() {
  if (process.env.KILN_SECRET) return process.env.KILN_SECRET;
  const file = path.join(dataFolder(), "secret");
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, randomBytes(48).toString("base64url"), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return readFileSync(file, "utf8").trim();
}

/**
 * @param {{ databaseUrl: string, secret: string, baseImage?: string }} facts
 * @returns {NodeJS.ProcessEnv} what the project's programs share
 */
export function programEnvironment({ databaseUrl, secret, baseImage }) {
  const { KILN_ADMIN_PASSWORD: _onlyForTheSeed, DOCKER_HOST: _onlyForTheWorker, ...inherited } = process.env;
  return {
    ...inherited,
    DATABASE_URL: databaseUrl,
    KILN_SECRET: secret,
    KILN_DATA_DIR: dataDir,
    NEXT_TELEMETRY_DISABLED: "1",
    ...(baseImage ? { KILN_DEFAULT_BASE_IMAGE: baseImage } : {}),
  };
}
