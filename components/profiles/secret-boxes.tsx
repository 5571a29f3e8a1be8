import { Checkbox } from "@/components/ui/checkbox";

/** Secrets to choose among, by name. */
export function SecretBoxes({
  names,
  chosen,
  onChange,
}: {
  names: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  return names.map((name) => (
    <Checkbox
      key={name}
      checked={chosen.includes(name)}
      onCheckedChange={(isChosen) =>
        onChange(isChosen ? [...chosen, name] : chosen.filter((each) => each !== name))
      }
      label={<span className="font-mono text-xs break-all">{name}</span>}
    />
  ));
}
