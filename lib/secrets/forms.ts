/** The ways in which a value may turn up: as it is, base64 at each alignment, URL-encoded, within JSON. */

export interface SecretValue {
  name: string;
  value: string;
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
  return secrets.flatMap(({ name, value }) => named(name, wholes(value.trim())));
}

/** These, and each line of a value or of its broken base64: what a log is masked by. */
export function maskedForms(secrets: readonly SecretValue[]): Form[] {
  return secrets.flatMap(({ name, value }) => {
    const all = wholes(value.trim());
    return named(name, [...all, ...all.flatMap(linesOf)]);
  });
}

function named(name: string, texts: readonly string[]): Form[] {
  return [...new Set(texts)]
    .map((text) => ({ name, bytes: Buffer.from(text) }))
    .filter(({ bytes }) => bytes.length >= SHORTEST);
}

/** Surrounding space isn't part of what has to be found. */
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
