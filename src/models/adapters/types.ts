/** A server that the assistant's adapter is put on. */
export type Host = { address: string; key: string | null };

/** An adapter on one server: what to ask for there. */
export type Loaded = {
  name: string;
  address: string;
  /** Takes the adapter away again. */
  release: () => Promise<void>;
};

/** What to ask for, and where, to talk to a model with an adapter. */
export type Served = {
  name: string;
  addresses: [string, ...string[]];
  /** SHA-256 of the adapter's weights. */
  version: string;
  release: () => Promise<void>;
};
