import type { ProbeResult } from "../evaluation/index.js";

/** What untrained assistants said at round 0, for later runs of the same process that would ask the same. */
export type BaseResults = {
  of: (key: string) => readonly ProbeResult[] | undefined;
  remember: (key: string, results: readonly ProbeResult[]) => void;
};

// A process plays the arms of one seed one after another.
const REMEMBERED = 2;

/** Remembers the last few. */
export function baseResults(): BaseResults {
  const known = new Map<string, readonly ProbeResult[]>();
  return {
    of: (key) => known.get(key),
    remember: (key, results) => {
      known.delete(key);
      known.set(key, results);
      for (const oldest of known.keys()) if (known.size > REMEMBERED) known.delete(oldest);
    },
  };
}
