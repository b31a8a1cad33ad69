import type { AddressInfo } from "node:net";

/** Where a server of ours listens. Throws where it listens at no port: every one of ours does. */
export function listeningAt(server: { address: () => AddressInfo | string | null }): AddressInfo {
  const at = server.address();
  if (at === null || typeof at === "string") throw new Error("the server listens at no port");
  return at;
}
