/** SHA-256 (hex) of what was read, by the name under which a run knows it: `situations`, `persona biased`, `model minnow`. */
export type Inputs = Readonly<Record<string, string>>;

/** What a loader gives: the thing itself, and what it depends on. */
export type Loaded<T> = { value: T; inputs: Inputs };
