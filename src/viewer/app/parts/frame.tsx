import type { ComponentChildren, RefObject } from "preact";
import { useLink } from "../state/link.js";
import { placeLink } from "../state/place.js";

const MENU = [
  { path: "", label: "Runs" },
  { path: "compare", label: "Compare" },
  { path: "new", label: "New run" },
];

type Props = {
  /** The view that is shown. */
  path: string;
  main: RefObject<HTMLElement>;
  /** Whether the view fills the window and scrolls inside. */
  full: boolean;
  children: ComponentChildren;
};

/** What stands around every view. */
export function Frame({ path, main, full, children }: Props) {
  const link = useLink();
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class="top">
        <a class="brand" href="#/">
          <img src="/icon.svg" alt="" width="22" height="22" />
          Candor
        </a>
        <nav class="menu" aria-label="Main">
          {MENU.map((item) => (
            <a
              key={item.path}
              href={placeLink(item.path)}
              aria-current={item.path === path ? "page" : undefined}
            >
              {item.label}
            </a>
          ))}
        </nav>
        <p class="link" role="status" data-state={link.state}>
          {link.words}
        </p>
      </header>
      <main id="main" ref={main} tabIndex={-1} data-layout={full ? "full" : "page"}>
        {children}
      </main>
    </>
  );
}
