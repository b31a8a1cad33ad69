import { el, fill } from "../dom.js";

const PAGE = 100;
const OVERSCAN = 8;
/** Browsers cannot make elements of any height. */
const MOST_PIXELS = 15_000_000;

let lists = 0;

/**
 * A list of any length of which only the rows in sight exist. It is one stop of the Tab key; arrows, Page Up and Down, Home
 * and End move through it.
 * @template T
 * @param {object} options
 * @param {string} options.label
 * @param {number} options.rowHeight in pixels
 * @param {(offset: number, limit: number) => Promise<{ total: number, rows: T[] }>} options.load
 * @param {(row: T) => Node[]} options.draw
 * @param {(row: T) => string} options.name What a row is called aloud.
 * @param {(row: T, index: number) => void} options.onSelect
 * @param {(total: number) => void} options.onCount
 * @param {(error: Error) => void} options.onError
 */
export function virtualList({ label, rowHeight, load, draw, name, onSelect, onCount, onError }) {
  lists += 1;
  const id = `list-${lists}`;
  const space = el("div", { class: "list-space", role: "presentation" });
  const element = el("div", { class: "list", role: "listbox", tabindex: 0, "aria-label": label }, space);
  /** @type {Map<number, T[]>} */
  let pages = new Map();
  /** @type {Map<number, Promise<void>>} */
  let coming = new Map();
  /** @type {Map<number, HTMLElement>} */
  const drawn = new Map();
  let total = 0;
  let active = -1;
  let version = 0;
  let asked = false;

  const shown = () => Math.min(total, Math.floor(MOST_PIXELS / rowHeight));

  /** @param {number} index @returns {T | undefined} */
  const rowAt = (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE];

  /** @param {number} page @returns {Promise<void>} */
  const fetchPage = (page) => {
    if (pages.has(page)) return Promise.resolve();
    const known = coming.get(page) ?? ask(page, version);
    coming.set(page, known);
    return known;
  };

  /** @param {number} page @param {number} mine */
  const ask = async (page, mine) => {
    try {
      const answer = await load(page * PAGE, PAGE);
      if (mine !== version) return;
      pages.set(page, answer.rows);
      setTotal(answer.total);
      for (const [index, row] of drawn) if (Math.floor(index / PAGE) === page) paint(row, index);
      render();
    } catch (error) {
      if (mine === version) onError(/** @type {Error} */ (error));
    } finally {
      if (mine === version) coming.delete(page);
    }
  };

  /** @param {number} value */
  const setTotal = (value) => {
    total = value;
    space.style.height = `${shown() * rowHeight}px`;
    onCount(total);
  };

  /** @param {HTMLElement} element @param {number} index */
  const paint = (element, index) => {
    const row = rowAt(index);
    element.classList.toggle("loading", row === undefined);
    element.setAttribute("aria-label", row === undefined ? "loading" : name(row));
    element.setAttribute("aria-selected", String(index === active));
    element.setAttribute("aria-setsize", String(total));
    element.setAttribute("aria-posinset", String(index + 1));
    fill(element, row === undefined ? [] : draw(row));
  };

  const render = () => {
    asked = false;
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - OVERSCAN);
    const last = Math.min(
      shown() - 1,
      Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + OVERSCAN,
    );
    for (const [index, row] of drawn) {
      if (index >= first && index <= last) continue;
      row.remove();
      drawn.delete(index);
    }
    for (let index = first; index <= last; index += 1) {
      if (drawn.has(index)) continue;
      const row = el("div", { class: "row", role: "option", id: `${id}-${index}` });
      row.dataset.index = String(index);
      row.style.transform = `translateY(${index * rowHeight}px)`;
      row.style.height = `${rowHeight}px`;
      paint(row, index);
      drawn.set(index, row);
      space.append(row);
    }
    for (let page = Math.floor(first / PAGE); page <= Math.floor(Math.max(first, last) / PAGE); page += 1)
      void fetchPage(page);
    if (drawn.has(active)) element.setAttribute("aria-activedescendant", `${id}-${active}`);
    else element.removeAttribute("aria-activedescendant");
  };

  const later = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(render);
  };

  /** @param {number} index @param {boolean} [quietly] */
  const select = (index, quietly = false) => {
    if (shown() === 0) return;
    const before = drawn.get(active);
    active = Math.max(0, Math.min(shown() - 1, index));
    before?.setAttribute("aria-selected", "false");
    drawn.get(active)?.setAttribute("aria-selected", "true");
    const top = active * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
    render();
    if (quietly) return;
    const chosen = active;
    void fetchPage(Math.floor(chosen / PAGE)).then(() => {
      const row = rowAt(chosen);
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
      End: shown() - 1,
    };
    const to = moves[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    select(to);
  });

  return {
    element,
    /** Moves by some rows and tells of the new one. @param {number} by */
    step: (by) => select(active + by),
    select,
    /** Asks for everything anew, from the top. @param {boolean} [stay] keeps the place */
    reset: async (stay = false) => {
      version += 1;
      pages = new Map();
      coming = new Map();
      if (!stay) {
        active = -1;
        element.scrollTop = 0;
        for (const row of drawn.values()) row.remove();
        drawn.clear();
        await fetchPage(0);
        return;
      }
      const from = Math.floor(element.scrollTop / rowHeight / PAGE);
      await fetchPage(from);
    },
  };
}
