import { useEffect, useRef } from "preact/hooks";
import { useQuery, useRemember } from "./state/place.js";

export function Legacy({ view }: { view: any }) {
  const place = useRef<HTMLDivElement>(null);
  const params = useQuery();
  const remember = useRemember();
  useEffect(() => {
    const leaving = new AbortController();
    const main = place.current!;
    const title = (text: string) => {
      document.title = `${text} · Candor`;
    };
    view({ main, params, signal: leaving.signal, remember, title }).catch((error: Error) => {
      if (!leaving.signal.aborted) main.textContent = error.message;
    });
    return () => leaving.abort();
  }, []);
  return <div ref={place} style="display:contents" />;
}
