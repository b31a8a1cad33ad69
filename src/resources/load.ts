/** Calls a loader. Its arguments are plain data, and its result depends on them and the disk alone. */
export type Load = <A extends readonly unknown[], T>(loader: (...args: A) => T, ...args: A) => T;

/** Calls it each time. */
export const loadAnew: Load = (loader, ...args) => loader(...args);

/**
 * Calls each loader once for the same arguments: thousands of cells of a sweep name the same few things. What is remembered
 * goes by all that the loader was given, so no list of fields has to be kept true. A failure is remembered like a result.
 */
export function loadOnce(): Load {
  const known = new Map<unknown, Map<string, { value: unknown } | { error: unknown }>>();
  return (loader, ...args) => {
    const ofLoader = known.get(loader) ?? new Map<string, { value: unknown } | { error: unknown }>();
    known.set(loader, ofLoader);
    const key = JSON.stringify(args);
    let outcome = ofLoader.get(key);
    if (!outcome) {
      try {
        outcome = { value: loader(...args) };
      } catch (error) {
        outcome = { error };
      }
      ofLoader.set(key, outcome);
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value as ReturnType<typeof loader>;
  };
}
