/** Passwords, hashed with argon2id in OWASP's smallest recommended setting (19 MiB, 2 passes, 1 lane). */

/** Loaded where a password is at hand: workers never have one. */
const argon2 = () => import("@node-rs/argon2");

const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return (await argon2()).hash(password, options);
}

let dummy: Promise<string> | undefined;

/** For an unknown user (`null`) the same work is done, so that the time doesn't tell who exists. */
export async function passwordMatches(stored: string | null, password: string): Promise<boolean> {
  dummy ??= hashPassword("nobody has this password");
  const matches = await (await argon2()).verify(stored ?? (await dummy), password);
  return stored !== null && matches;
}
