/** Throttled sign-in, by account and by address. A try is counted before the password is looked at, so that parallel tries can't slip through. */
import { db } from "@/lib/db/client.server";

const WINDOW_SECONDS = 300;
const LIMITS = { email: 10, address: 50 } as const;

const keyOf = (kind: keyof typeof LIMITS, value: string) =>
  `${kind}:${value.replaceAll("\0", "\uFFFD").slice(0, 254)}`;

/** Counts a try. @returns false when there were too many in the last five minutes. */
export async function countSignInTry(kind: keyof typeof LIMITS, value: string): Promise<boolean> {
  const key = keyOf(kind, value);
  const [row] = await db().$queryRaw<Array<{ failures: number }>>`
    INSERT INTO sign_in_throttles (key, failures, window_ends_at) VALUES (${key}, 1, now() + make_interval(secs => ${WINDOW_SECONDS}))
    ON CONFLICT (key) DO UPDATE SET
      failures = CASE WHEN sign_in_throttles.window_ends_at < now() THEN 1 ELSE sign_in_throttles.failures + 1 END,
      window_ends_at = CASE WHEN sign_in_throttles.window_ends_at < now() THEN now() + make_interval(secs => ${WINDOW_SECONDS}) ELSE sign_in_throttles.window_ends_at END
    RETURNING failures`;
  return (row?.failures ?? 0) <= LIMITS[kind];
}

/** A success clears the account's count; the address keeps its own. */
export async function clearSignInTries(email: string): Promise<void> {
  await db()
    .$executeRaw`DELETE FROM sign_in_throttles WHERE key = ${keyOf("email", email)} OR window_ends_at < now()`;
}
