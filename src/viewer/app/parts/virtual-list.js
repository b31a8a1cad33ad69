import { el, fill } from "../dom.js";
import { pager } from "./pager.js";

const OVERSCAN = 8;
/** Browsers cannot make elements of any height. */
const MOST_PIXELS = 15_000_000;

let lists = 0;

/**
 * A list of any length of which only the rows in sight exist. It is one stop of the Tab key; arrows, Page Up and Down, Home
 * and End move through it.
 * @template T
 * @template {import("./pager.js").Page<T>} P
 * @param {object} options
 * @param {string} options.label
 * @param {number} options.rowHeight in pixels
 * @param {(offset: number, limit: number, signal: AbortSignal) => Promise<P>} options.load
 * @param {(row: P["rows"][number]) => Node[]} options.draw
 * @param {(row: P["rows"][number], index: number) => void} options.onSelect
 * @param {(page: P, reachable: number) => void} options.onPage Told of each page that comes, and how many rows can be scrolled to.
 * @param {(error: Error) => void} options.onError
 */
export function virtualList({ label, rowHeight, load, draw, onSelect, onPage, onError }) {
  lists += 1;
  const id = `list-${lists}`;
  const space = el("div", { class: "list-space", role: "presentation" });
  const element = el("div", { class: "list", role: "listbox", tabindex: 0, "aria-label": label }, space);
  /** @type {Map<number, HTMLElement>} */
  const drawn = new Map();
  let total = 0;
  let active = -1;
  let asked = false;
  const reachable = () => Math.min(total, Math.floor(MOST_PIXELS / rowHeight));

  const rows = pager({
    load,
    onError,
    onPage: (page, first, last) => {
      total = page.total;
      space.style.height = `${reachable() * rowHeight}px`;
      onPage(page, reachable());
      for (const [index, row] of drawn) if (index >= first && index <= last) paint(row, index);
      render();
    },
  });

  /** @param {HTMLElement} element @param {number} index */
  const paint = (element, index) => {
    const row = rows.row(index);
    element.classList.toggle("loading", row === undefined);
    element.setAttribute("aria-selected", String(index === active));
    element.setAttribute("aria-setsize", String(total));
    element.setAttribute("aria-posinset", String(index + 1));
    fill(element, row === undefined ? [el("span", { class: "unseen" }, "loading")] : draw(row));
  };

  /** @param {number} index */
  const add = (index) => {
    const row = el("div", { class: "row", role: "option", id: `${id}-${index}` });
    row.dataset.index = String(index);
    row.style.transform = `translateY(${index * rowHeight}px)`;
    row.style.height = `${rowHeight}px`;
    paint(row, index);
    drawn.set(index, row);
    space.append(row);
  };

  const render = () => {
    asked = false;
    const { scrollTop, clientHeight } = element;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN);
    const last = Math.min(reachable() - 1, Math.ceil((scrollTop + clientHeight) / rowHeight) + OVERSCAN);
    for (const [index, row] of drawn) {
      if (index >= first && index <= last) continue;
      row.remove();
      drawn.delete(index);
    }
    for (let index = first; index <= last; index += 1) if (!drawn.has(index)) add(index);
    rows.want(first, Math.max(first, last));
    if (drawn.has(active)) element.setAttribute("aria-activedescendant", `${id}-${active}`);
    else element.removeAttribute("aria-activedescendant");
  };

  const later = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(render);
  };

  /** @param {number} index */
  const select = (index) => {
    if (reachable() === 0) return;
    drawn.get(active)?.setAttribute("aria-selected", "false");
    active = Math.max(0, Math.min(reachable() - 1, index));
    drawn.get(active)?.setAttribute("aria-selected", "true");
    const top = active * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
    render();
    const chosen = active;
    void rows.waitFor(chosen).then(() => {
      const row = rows.row(chosen);
      if (row !== undefined && chosen === active) onSelect(row, chosen);
    });
  };

  element.addEventListener("scroll", later, { passive: true });
  new ResizeObserver(later).observe(element);
  element.addEventListener("click", (event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
    if (row instanceof HTMLElement) select(Number(row.dataset.index));
  });
  element.addEventListener("keydown", (event) => {
    const inSight = Math.max(1, Math.floor(element.clientHeight / rowHeight) - 1);
    /** @type {Record<string, number>} */
    const moves = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + inSight,
      PageUp: active - inSight,
      Home: 0,
      End: reachable() - 1,
    };
    const to = moves[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    select(to);
  });

  return {
    element,
    /** Goes on by some rows. @param {number} by */
    step: (by) => select(active + by),
    /** Asks for everything anew, from the top. */
    restart: () => {
      rows.clear();
      active = -1;
      element.scrollTop = 0;
      for (const row of drawn.values()) row.remove();
      drawn.clear();
      return rows.waitFor(0);
    },
    /** Asks for what is in sight anew, and stays there. */
    refresh: () => {
      rows.clear();
      render();
    },
  };
}
