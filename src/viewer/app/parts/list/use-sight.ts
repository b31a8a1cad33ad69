import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Sight } from "./window.js";

/** What of a scrolled element is in sight, looked at once a frame while it scrolls or changes its size. */
export function useSight(element: RefObject<HTMLElement>): Sight {
  const [sight, setSight] = useState<Sight>({ top: 0, height: 0 });
  useEffect(() => {
    const list = element.current;
    if (!list) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      const { scrollTop: top, clientHeight: height } = list;
      setSight((before) => (before.top === top && before.height === height ? before : { top, height }));
    };
    const later = () => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    const resized = new ResizeObserver(later);
    resized.observe(list);
    list.addEventListener("scroll", later, { passive: true });
    look();
    return () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
      list.removeEventListener("scroll", later);
    };
  }, [element]);
  return sight;
}
