/** Names of query fields whose values are nobody else's business. */
const SECRET_FIELD = /key|token|secret|sig|password|auth/i;

/** Whether an address carries a name and password, or a query that looks like a key. */
export function holdsSecret(address: string): boolean {
  return secretsIn(address).length > 0;
}

/** What of an address may not be shown: its name and password, and values of its query that look like keys. */
export function secretsIn(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { username, password, searchParams } = new URL(address);
  const values = [...searchParams].flatMap(([name, value]) => (SECRET_FIELD.test(name) ? [value] : []));
  return [decoded(username), decoded(password), ...values].filter((secret) => secret !== "");
}

/** An address as messages may have it. One that cannot be read is not shown at all. */
export function shownAddress(address: string): string {
  if (!URL.canParse(address)) return "(no address)";
  if (!holdsSecret(address)) return address;
  const url = new URL(address);
  url.username = "";
  url.password = "";
  for (const [name] of [...url.searchParams]) if (SECRET_FIELD.test(name)) url.searchParams.set(name, "***");
  return url.href;
}

/** The address of something that a server offers below its own; a query stays at the end. */
export function endpoint(base: string, path: string): string {
  const [before = "", ...query] = base.split("?");
  const search = query.length === 0 ? "" : `?${query.join("?")}`;
  return `${before.replace(/\/+$/, "")}/${path}${search}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
