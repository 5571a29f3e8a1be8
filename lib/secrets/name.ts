/** How a secret is named: as the environment variable that it becomes in a build. */
import { z } from "zod";

/** A version names at most so many. */
export const MAX_SECRETS = 50;

const text = z.string().max(128, "Use at most 128 characters.");
const sentence = "Use letters, digits and _, not starting with a digit.";

export const secretName = text.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, sentence);

/** The same, or nothing. */
export const optionalSecretName = text.regex(/^(?:[A-Za-z_][A-Za-z0-9_]*)?$/, sentence);
