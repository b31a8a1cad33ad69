import { useEffect, useState } from "preact/hooks";

/** Whether the page hears from the server: a state for the eye and words for everybody. */
export type Link = { state: "" | "live" | "broken"; words: string };

const SILENT: Link = { state: "", words: "" };
const listeners = new Set<(link: Link) => void>();
let present = SILENT;

/** Says how the connection stands. */
export function setLink(link: Link = SILENT): void {
  if (link.state === present.state && link.words === present.words) return;
  present = link;
  for (const tell of listeners) tell(link);
}

/** How the connection stands. */
export function useLink(): Link {
  const [link, tell] = useState(present);
  useEffect(() => {
    listeners.add(tell);
    tell(present);
    return () => void listeners.delete(tell);
  }, []);
  return link;
}
