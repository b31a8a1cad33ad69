import { useEffect, useState } from "preact/hooks";
import type { Catalogue, RunView } from "../../api.js";
import { api } from "./api.js";
import { errorIn, isCatalogue, isRunView, OTHER_VERSION, parsed } from "./checked.js";
import { setLink } from "./link.js";

/** Everything there is, as it changes; undefined before the first word of it. */
export function useCatalogue(): Catalogue | undefined {
  return useEvents(api.events.$path({ query: {} }), isCatalogue);
}

/** A run, as it goes. Without `following` it is not listened to. */
export function useRun(run: string, following = true): RunView | undefined {
  return useEvents(following ? api.events.$path({ query: { run } }) : undefined, isRunView);
}

type Is<T> = (value: unknown) => value is T;

function useEvents<T>(address: string | undefined, is: Is<T>): T | undefined {
  const [state, setState] = useState<T>();
  useEffect(() => (address === undefined ? undefined : follow(address, is, setState)), [address, is]);
  return state;
}

/**
 * Calls `tell` with a subject's present state and every later one; returns how to stop. Browsers allow few connections to a
 * server, so a page that nobody sees has none.
 */
function follow<T>(address: string, is: Is<T>, tell: (state: T) => void): () => void {
  let source: EventSource | undefined;
  const close = () => {
    source?.close();
    source = undefined;
  };
  const watch = () => {
    if (document.hidden) close();
    else source ??= open(address, is, tell);
  };
  document.addEventListener("visibilitychange", watch);
  watch();
  return () => {
    document.removeEventListener("visibilitychange", watch);
    close();
    setLink();
  };
}

function open<T>(address: string, is: Is<T>, tell: (state: T) => void): EventSource {
  const source = new EventSource(address);
  source.addEventListener("state", (event) => {
    const state = parsed(event.data);
    if (!is(state)) return setLink({ state: "broken", words: OTHER_VERSION });
    setLink({ state: "live", words: "Live" });
    tell(state);
  });
  source.addEventListener("problem", (event) => {
    setLink({ state: "broken", words: errorIn(event.data) ?? OTHER_VERSION });
  });
  source.addEventListener("error", () => setLink({ state: "broken", words: "No connection; trying again" }));
  return source;
}
