/** The ways in which a value may turn up: as it is, base64 at each alignment, URL-encoded, within JSON. */

export interface SecretValue {
  name: string;
  value: string;
  /** A piece of the value that is a secret by itself: the password of `user:password`. */
  password?: string;
}

export interface Form {
  /** The secret's name. */
  name: string;
  bytes: Buffer;
}

/** Shorter pieces are part of ordinary text. */
const SHORTEST = 8;
/** Where `base64` and `openssl base64` break their lines. */
const WRAPS = [76, 64];

/** Forms that hold a value as a whole: what an image is searched for. */
export function wholeForms(secrets: readonly SecretValue[]): Form[] {
  return secrets.flatMap((secret) => valuesOf(secret).flatMap((value) => named(secret.name, wholes(value))));
}

/** These, and each line of a value or of its broken base64: what a log is masked by. */
export function maskedForms(secrets: readonly SecretValue[]): Form[] {
  return secrets.flatMap((secret) => {
    const all = valuesOf(secret).flatMap(wholes);
    return named(secret.name, [...all, ...all.flatMap(linesOf)]);
  });
}

/** Surrounding space isn't part of what has to be found. */
function valuesOf({ value, password }: SecretValue): string[] {
  return [value.trim(), ...(password === undefined ? [] : [password])];
}

/** What git is told of `user:password`: where the password begins, if the value has that form. */
export function passwordOf(value: string): string | undefined {
  return /^[^:\n]*:([^\n]+)$/.exec(value.trim())?.[1];
}

function named(name: string, texts: readonly string[]): Form[] {
  return [...new Set(texts)]
    .map((text) => ({ name, bytes: Buffer.from(text) }))
    .filter(({ bytes }) => bytes.length >= SHORTEST);
}

function wholes(value: string): string[] {
  return [value, ...base64Forms(Buffer.from(value)), ...urlForms(value), JSON.stringify(value).slice(1, -1)];
}

function linesOf(text: string): string[] {
  return text.includes("\n") ? text.split("\n").map((line) => line.trim()) : [];
}

/** What base64 makes of the value wherever it begins in the encoded text: only the characters that it alone decides. */
function base64Forms(value: Buffer): string[] {
  const forms = [0, 1, 2].map((before) => {
    const all = Buffer.concat([Buffer.alloc(before), value]).toString("base64");
    const first = before === 0 ? 0 : before + 1;
    return all.slice(first, Math.floor(((before + value.length) * 8) / 6));
  });
  const [aligned = ""] = forms;
  const wrapped = WRAPS.map((width) => aligned.replaceAll(new RegExp(`.{${width}}(?=.)`, "g"), "$&\n"));
  const forUrls = forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  return [...forms, ...forUrls, ...wrapped];
}

function urlForms(value: string): string[] {
  const component = encodeURIComponent(value);
  const strict = component.replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const both = [component, strict];
  const lower = both.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  const withPlus = [...both, ...lower].map((text) => text.replaceAll("%20", "+"));
  return [...both, ...lower, ...withPlus];
}
