import { useEffect, useState } from "preact/hooks";

/**
 * What `load` brings, asked for anew when `inputs` change; the last answer stays until the next one comes. Throws while
 * drawing where it failed, for the page to show in the view's place.
 */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
): T | undefined {
  const { value, error } = useTried(load, inputs);
  if (error) throw error;
  return value;
}

/** What `load` brings or how it failed, for views that go on without it. */
export type Tried<T> = { value?: T; error?: Error; busy: boolean };

/** Like `useLoaded`, with the failure as a value. */
export function useTried<T>(load: (signal: AbortSignal) => Promise<T>, inputs: readonly unknown[]): Tried<T> {
  const [state, setState] = useState<Tried<T>>({ busy: true });
  useEffect(() => {
    const stop = new AbortController();
    setState((before) => (before.busy ? before : { ...before, busy: true }));
    load(stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) setState({ value, busy: false });
      },
      (error: Error) => {
        if (!stop.signal.aborted) setState(({ value }) => ({ value, error, busy: false }));
      },
    );
    return () => stop.abort();
  }, inputs);
  return state;
}
