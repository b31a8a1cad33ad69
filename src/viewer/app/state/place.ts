import { createContext } from "preact";
import { useCallback, useContext, useEffect, useState } from "preact/hooks";

/** Values for an address; those that are empty, false or absent stand in none. */
export type Query = Record<string, string | number | boolean | null | undefined | readonly string[]>;

/** Where the reader is: what stands in the address behind `#/`. */
export type Place = {
  /** The view's name. */
  path: string;
  query: URLSearchParams;
  /** How many places were shown before this one. */
  visit: number;
};

export const PlaceContext = createContext<Place>({ path: "", query: new URLSearchParams(), visit: 0 });

/** The place, as the reader goes from one to the next. */
export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(location.hash, 0));
  useEffect(() => {
    const go = () => setPlace(({ visit }) => placeOf(location.hash, visit + 1));
    addEventListener("hashchange", go);
    return () => removeEventListener("hashchange", go);
  }, []);
  return place;
}

/** What the address says, for a view; it does not change while the view stands. */
export function useQuery(): URLSearchParams {
  return useContext(PlaceContext).query;
}

/** How a view puts its state into the address, without going anywhere, so that a place can be linked to and come back to. */
export function useRemember(): (state: Query) => void {
  const { path } = useContext(PlaceContext);
  return useCallback((state: Query) => history.replaceState(null, "", placeLink(path, state)), [path]);
}

/** Names the page. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = `${title} · Candor`;
  }, [title]);
}

/** The address of a place. */
export function placeLink(path: string, query: Query = {}): string {
  const search = searchOf(query);
  return `#/${path}${search.size === 0 ? "" : `?${search}`}`;
}

/** The address of a view of a run. */
export function runLink(view: string, run: string, more: Query = {}): string {
  return placeLink(view, { run, ...more });
}

/** What an address says, from its part behind `#`. */
export function placeOf(hash: string, visit: number): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/u, "").split("?");
  return { path, query: new URLSearchParams(query), visit };
}

function searchOf(query: Query): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) search.append(name, one);
    else if (value !== null && value !== undefined && value !== "" && value !== false)
      search.set(name, String(value));
  }
  return search;
}
