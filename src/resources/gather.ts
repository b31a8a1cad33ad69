import type { Inputs, Loaded } from "./types.js";

/** Takes values out of what loaders give and keeps what they depend on: who has the value has been recorded. */
export type Gathering = {
  take: <T>(loaded: Loaded<T>) => T;
  inputs: () => Record<string, string>;
};

/** Throws an Error where two different contents come under one name: a record of them would be of neither. */
export function gather(): Gathering {
  const all: Record<string, string> = {};
  return {
    take: ({ value, inputs }) => {
      for (const [name, hash] of Object.entries(inputs)) {
        if (Object.hasOwn(all, name) && all[name] !== hash)
          throw new Error(`two different things are called ${name}`);
        all[name] = hash;
      }
      return value;
    },
    inputs: () => ({ ...all }),
  };
}

/** What several loads depend on together. */
export function foldInputs(...loaded: readonly { inputs: Inputs }[]): Record<string, string> {
  const { take, inputs } = gather();
  for (const one of loaded) take({ value: null, inputs: one.inputs });
  return inputs();
}
