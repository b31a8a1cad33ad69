import { isIPv4 } from "node:net";
import { mayRunCode } from "./code.js";
import type { Permissions } from "./permissions.js";

/** Where the keys in well-known variables belong. Others need the user's word. */
const HOMES: Readonly<Record<string, string>> = {
  OPENAI_API_KEY: "https://api.openai.com",
  ANTHROPIC_API_KEY: "https://api.anthropic.com",
  OPENROUTER_API_KEY: "https://openrouter.ai",
};

/** Names that hold a key or token, and among them those that are no model server's. */
const KEY_NAME = /^(?:[A-Z0-9]+_)*(?:KEY|TOKEN)$/u;
const OTHERS =
  /(?:^|_)(?:ACCESS|SECRET|PRIVATE|SESSION|SIGNING|ENCRYPTION|SSH|GPG|AWS|GCP|GITHUB|GH|GITLAB|BITBUCKET|NPM|NODE_AUTH|PYPI|TWINE|CARGO|DOCKER|KUBE|VAULT|SLACK|STRIPE|CI|JOB)(?:_|$)/u;

/**
 * Whether a variable is named as keys of model servers are, e.g. VLLM_API_KEY. Whoever listens on this machine need not be the
 * user's own server, so nothing else leaves the environment: not PATH, and not the key to a cloud or a repository.
 */
function isModelKey(variable: string): boolean {
  return KEY_NAME.test(variable) && !OTHERS.test(variable);
}

/**
 * Whether the key in a variable may go to an address that a stranger's file pairs with it: a server on this machine, if its
 * name is that of a model server's key, or the one that the variable is named for, encrypted, or keys may go anywhere. Code that may run can read the environment, so its
 * permission is enough.
 */
export function maySendKey(permissions: Permissions, variable: string, address: string): boolean {
  if (permissions.keys || mayRunCode(permissions)) return true;
  const { hostname, origin } = new URL(address);
  return (
    (isLoopback(hostname) && isModelKey(variable)) ||
    (Object.hasOwn(HOMES, variable) && HOMES[variable] === origin)
  );
}

/** Whether a host is this machine. Takes it as URLs have it: `127.1` and `0x7f.1` are 127.0.0.1 there already. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || (isIPv4(host) && host.startsWith("127."));
}
