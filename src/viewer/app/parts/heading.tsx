import type { ComponentChildren } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import { PlaceContext } from "../state/place.js";

/** A view's title. A reader who cannot see that the page has changed is told so by where the focus goes. */
export function Heading({ children }: { children: ComponentChildren }) {
  const { visit } = useContext(PlaceContext);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (visit > 0) heading.current?.focus();
  }, [visit]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
