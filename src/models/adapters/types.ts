import type { Permissions } from "../../permissions/index.js";

/** A server that the assistant's adapter is put on. */
export type Host = { address: string; key: string | null; permissions: Permissions };

/** What to ask for, and where, to talk to a model with an adapter. */
export type Served = {
  name: string;
  address: string;
  /** SHA-256 of the adapter's weights. */
  version: string;
  /** Takes the adapter away again. */
  release: () => Promise<void>;
};
