/** Which secrets a spec names, and where: those of the setup script, and those that repositories are cloned with. */
import type { Spec } from "./spec";

interface Cloned {
  repositories: ReadonlyArray<Pick<Spec["repositories"][number], "secret">>;
}
interface Named extends Cloned {
  secrets: readonly string[];
}

/** Each place, by its path in the spec. A secret may be at several. */
export function secretPlaces({ secrets, repositories }: Named): Array<{ name: string; path: string }> {
  return [
    ...secrets.map((name, index) => ({ name, path: `secrets.${index}` })),
    ...repositories.flatMap(({ secret }, index) =>
      secret === "" ? [] : [{ name: secret, path: `repositories.${index}.secret` }],
    ),
  ];
}

/** Each name once: what a build takes, and what its image is searched for. */
export function secretsOf(spec: Named): string[] {
  return [...new Set(secretPlaces(spec).map(({ name }) => name))];
}

/** What the step that clones is given, and nobody else. */
export function cloneSecrets({ repositories }: Cloned): string[] {
  return secretsOf({ secrets: [], repositories });
}
