import type { RedisOptions } from "ioredis";
import { UserError } from "../../errors.js";

/** Where a queue is, taken apart: credentials stay in `options` and are in nothing that may be shown. */
export type QueueAddress = {
  options: RedisOptions;
  /** Without credentials, e.g. `rediss://cluster:6380/2`. */
  shown: string;
  /** A message in which credentials, should they stand in it, are `***`. */
  mask: (message: string) => string;
};

/** Takes apart `redis://[user:password@]host[:port][/database]`; `rediss` is the same over TLS. Throws UserError. */
export function queueAddress(text: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const form = "expected redis://[user:password@]host[:port][/database], or rediss:// for TLS";
  // The text itself is not repeated: what is malformed may hold a password in any place.
  if (!url || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "")
    throw new UserError(`--queue: ${form}`);
  const database = url.pathname.replace(/^\/$/u, "");
  if (!/^(?:\/\d+)?$/u.test(database) || url.search !== "") throw new UserError(`--queue: ${form}`);
  const username = decoded(url.username);
  const password = decoded(url.password);
  const port = url.port === "" ? 6379 : Number(url.port);
  const secrets = [password, url.password].filter((secret) => secret !== "");
  return {
    shown: `${url.protocol}//${url.hostname}:${port}${database}`,
    mask: (message) => secrets.reduce((masked, secret) => masked.replaceAll(secret, "***"), message),
    options: {
      host: url.hostname.replace(/^\[|\]$/gu, ""),
      port,
      db: database === "" ? 0 : Number(database.slice(1)),
      ...(username === "" ? {} : { username }),
      ...(password === "" ? {} : { password }),
      // Certificates of one's own authority: NODE_EXTRA_CA_CERTS.
      ...(url.protocol === "rediss:" ? { tls: {} } : {}),
    },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UserError("--queue: a % in a name or password is written %25");
  }
}
