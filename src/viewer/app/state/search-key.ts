import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** "/" leads to the search field of the view that has one. */
export function useSearchKey(main: RefObject<HTMLElement>): void {
  useEffect(() => {
    const find = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.matches("input, textarea, select")) return;
      const search = main.current?.querySelector<HTMLInputElement>("input[type=search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    };
    document.addEventListener("keydown", find);
    return () => document.removeEventListener("keydown", find);
  }, [main]);
}
