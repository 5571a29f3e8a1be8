"use client";

import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import type { FieldError, Result } from "@/lib/errors";
import { keys } from "@/lib/query-keys";

/** What an action refused, with the sentence for people and the wrong fields. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly code: string,
    message: string,
    readonly fields: FieldError[] = [],
    readonly extra: Record<string, string | number | null> = {},
  ) {
    super(message);
  }

  /** The error of one field, by its path. */
  field(path: string): string | undefined {
    return this.fields.find((field) => field.path === path)?.message;
  }
}

export const offline = () =>
  new Refusal("offline", "Kiln can't be reached. Check the connection, then try again.");

/**
 * Runs a server action as a mutation: pending, the refusal as an error, and fresh data afterwards, also on
 * the pages that this one doesn't show.
 */
export function useAction<Input, Value>(
  action: (input: Input) => Promise<Result<Value>>,
  onDone?: (value: Value, input: Input) => void,
): UseMutationResult<Value, Refusal, Input> {
  const client = useQueryClient();
  return useMutation<Value, Refusal, Input>({
    mutationFn: async (input) => {
      const result = await action(input).catch(() => {
        throw offline();
      });
      if (!result.ok)
        throw new Refusal(result.error.code, result.error.message, result.error.fields, result.error.extra);
      return result.value;
    },
    onSuccess: (value, input) => onDone?.(value, input),
    // Also after a refusal: it often means that the page was out of date.
    onSettled: () => void client.invalidateQueries({ queryKey: keys.root }),
  });
}
