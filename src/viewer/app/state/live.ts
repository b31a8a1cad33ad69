import { useEffect, useState } from "preact/hooks";
import type { Catalogue, RunView } from "../../api.js";
import { api } from "./api.js";
import { setLink } from "./link.js";

/** Everything there is, as it changes; undefined before the first word of it. */
export function useCatalogue(): Catalogue | undefined {
  return useEvents<Catalogue>(api.events.$path({ query: {} }));
}

/** A run, as it goes. Without `following` it is not listened to. */
export function useRun(run: string, following = true): RunView | undefined {
  return useEvents<RunView>(following ? api.events.$path({ query: { run } }) : undefined);
}

function useEvents<T>(address: string | undefined): T | undefined {
  const [state, setState] = useState<T>();
  useEffect(() => (address === undefined ? undefined : follow<T>(address, setState)), [address]);
  return state;
}

/**
 * Calls `tell` with a subject's present state and every later one; returns how to stop. Browsers allow few connections to a
 * server, so a page that nobody sees has none.
 */
function follow<T>(address: string, tell: (state: T) => void): () => void {
  let source: EventSource | undefined;
  const close = () => {
    source?.close();
    source = undefined;
  };
  const watch = () => {
    if (document.hidden) close();
    else source ??= open(address, tell);
  };
  document.addEventListener("visibilitychange", watch);
  watch();
  return () => {
    document.removeEventListener("visibilitychange", watch);
    close();
    setLink();
  };
}

function open<T>(address: string, tell: (state: T) => void): EventSource {
  const source = new EventSource(address);
  source.addEventListener("state", (event) => {
    setLink({ state: "live", words: "Live" });
    tell(JSON.parse(event.data) as T);
  });
  source.addEventListener("problem", (event) => {
    const { error } = JSON.parse(event.data) as { error: string };
    setLink({ state: "broken", words: error });
  });
  source.addEventListener("error", () => setLink({ state: "broken", words: "No connection; trying again" }));
  return source;
}
