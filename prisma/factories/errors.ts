import { AppError } from "@/lib/errors";

/** The code of the `AppError` that `work` rejects with; "" when it doesn't reject. @throws any other error. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return "";
}
