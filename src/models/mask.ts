/** Shorter ones are blotted out only as they are, where they stand alone: their other forms are found in any text. */
const SHORT = 6;
const BLOT = "[key]";

/**
 * Makes a function that blots secrets out of texts, in every form in which a server may repeat them: as they are, percent-encoded,
 * as JSON or HTML has them, in hex, and in base64 wherever in a longer text they stood.
 */
export function masking(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.flatMap(formsOf).filter((form) => form !== ""));
  if (forms.size === 0) return (text) => text;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  const patterns = longestFirst.map((form) =>
    form.length < SHORT ? `(?<!\\w)${escaped(form)}(?!\\w)` : escaped(form),
  );
  const pattern = new RegExp(patterns.join("|"), "g");
  return (text) => text.replace(pattern, BLOT);
}

function formsOf(secret: string): string[] {
  if (secret.length < SHORT) return [secret];
  const percent = encodeURIComponent(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    secret.trim(),
    secret.replace(/\s+/g, " "),
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    new URLSearchParams({ "": secret }).toString().slice(1),
    everyByte(secret, (hex) => `%${hex}`),
    everyByte(secret, (hex) => `%${hex.toUpperCase()}`),
    json,
    JSON.stringify(json).slice(1, -1),
    json.replaceAll("/", "\\/"),
    everyUnit(secret),
    secret.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`),
    secret.replace(/[&<>"']/g, (sign) => HTML[sign]!),
    everyByte(secret, (hex) => hex),
    everyByte(secret, (hex) => hex.toUpperCase()),
    ...base64(secret),
  ];
}

const HTML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * What base64 of any text with the secret in it has of the secret alone: three forms, as its first letter may stand at any place in
 * a group of three; the letters at both ends that also depend on what stands beside it are left out, and so is the filling.
 */
function base64(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes]);
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor((shifted.length * 8) / 6);
    return (["base64", "base64url"] as const).map((kind) => shifted.toString(kind).slice(start, end));
  });
}

function everyByte(secret: string, write: (hex: string) => string): string {
  return [...Buffer.from(secret)].map((byte) => write(byte.toString(16).padStart(2, "0"))).join("");
}

function everyUnit(secret: string): string {
  return secret
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
