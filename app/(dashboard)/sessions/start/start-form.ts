/** What is chosen when a session is started, as it is typed, and as it is sent. */
import type { startSession } from "@/app/actions/sessions";
import { duplicateNames, type EnvRow } from "@/components/profiles/spec-form";
import { NEWEST } from "@/components/profiles/version-choice";

export interface StartForm {
  /** A number, or the newest that is usable. */
  version: string;
  name: string;
  hours: string;
  persistent: boolean;
  variables: EnvRow[];
  secrets: string[];
}

export const emptyForm = (version?: number): StartForm => ({
  ...{ version: version === undefined ? NEWEST : String(version), name: "", hours: "" },
  ...{ persistent: false, variables: [], secrets: [] },
});

/** Fields that the form shows an error at; all others are told below it. */
export const isPlaced = (path: string) => path === "name" || path === "hours" || path.startsWith("env.");

const filled = (variables: EnvRow[]) => variables.filter(({ key, value }) => key !== "" || value !== "");

/** Only one of them would be sent. */
export const isNamedTwice = ({ variables }: StartForm) =>
  Object.keys(duplicateNames(filled(variables))).length > 0;

/** What is wrong with the hours that were typed: what its profile allows is known before anything is sent. */
export const tooLong = ({ hours }: StartForm, most: number): string | undefined =>
  Number(hours) > most ? `Its profile lets a session live for ${most} h at most.` : undefined;

/** By its row: what is wrong with a variable. @param refused what the server says about a path */
export function variableErrors(
  { variables }: StartForm,
  refused: (path: string) => string | undefined,
): Record<string, string | undefined> {
  const twice = duplicateNames(filled(variables));
  return Object.fromEntries(
    filled(variables).map(({ id, key }) => [id, twice[`env.${id}.key`] ?? refused(`env.${key}`)]),
  );
}

/** What isn't filled in is left to its default. What isn't a number is sent as one that is refused, with the reason. */
export function toInput(
  profile: string,
  { version, name, hours, persistent, variables, secrets }: StartForm,
): Parameters<typeof startSession>[0] {
  const named = filled(variables);
  return {
    profile,
    ...(version === NEWEST ? {} : { version: Number(version) }),
    ...(name.trim() === "" ? {} : { name: name.trim() }),
    ...(hours.trim() === "" ? {} : { hours: Number(hours) }),
    ...(persistent ? { persistent } : {}),
    ...(named.length === 0 ? {} : { env: Object.fromEntries(named.map(({ key, value }) => [key, value])) }),
    ...(secrets.length === 0 ? {} : { secrets }),
  };
}
