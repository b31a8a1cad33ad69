import type { ComponentChildren } from "preact";
import { type MutableRef, useEffect, useId, useRef, useState } from "preact/hooks";
import type { Page } from "./pages.js";
import type { Listed } from "./use-pages.js";
import { useSight } from "./use-sight.js";
import { moveTo, reachable, rowsIn, scrollFor } from "./window.js";

/** What others can do with a list. */
export type ListHandle = {
  /** Chooses the row so many places further on. */
  step: (by: number) => void;
};

type Props<Row> = {
  label: string;
  /** In pixels, the same for all rows. */
  rowHeight: number;
  listed: Listed<Row, Page<Row>>;
  draw: (row: Row) => ComponentChildren;
  onSelect: (row: Row) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  handle?: MutableRef<ListHandle | null>;
};

/**
 * A list of any length of which only the rows in sight exist. It is one stop of the Tab key; arrows, Page Up and Down, Home
 * and End move through it. Give it another `key` for other rows: it then begins at the top with nothing chosen.
 */
export function VirtualList<Row>(props: Props<Row>) {
  const { label, rowHeight, listed, draw, handle } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const sight = useSight(list);
  const rows = reachable(listed.page?.total ?? 0, rowHeight);
  const { first, last } = rowsIn(sight, rows, rowHeight);
  const { active, select } = useChoice(props, list, rows);
  useEffect(() => listed.pages.want(first, Math.max(first, last)), [listed.pages, listed.came, first, last]);
  if (handle) handle.current = { step: (by) => select(active + by) };
  const inSight = Math.max(1, Math.floor(sight.height / rowHeight) - 1);
  const press = (event: KeyboardEvent) => {
    props.onKeyDown?.(event);
    const to = moveTo(event.key, active, inSight, rows);
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    select(to);
  };
  const drawn = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  return (
    <div
      ref={list}
      class="list"
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={active >= first && active <= last ? `${id}-${active}` : undefined}
      onKeyDown={press}
    >
      <div class="list-space" role="presentation" style={{ height: `${rows * rowHeight}px` }}>
        {drawn.map((index) => (
          <Line
            key={index}
            id={`${id}-${index}`}
            index={index}
            of={listed.page?.total ?? 0}
            rowHeight={rowHeight}
            chosen={index === active}
            onClick={() => select(index)}
          >
            {content(listed.pages.row(index), draw)}
          </Line>
        ))}
      </div>
    </div>
  );
}

type LineProps = {
  id: string;
  index: number;
  of: number;
  rowHeight: number;
  chosen: boolean;
  onClick: () => void;
  /** Null while the row is on its way. */
  children: ComponentChildren;
};

function Line({ id, index, of, rowHeight, chosen, onClick, children }: LineProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself has the focus and takes the keys
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant says which one is meant
    <div
      id={id}
      class={children === null ? "row loading" : "row"}
      role="option"
      aria-selected={chosen}
      aria-setsize={of}
      aria-posinset={index + 1}
      style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
      onClick={onClick}
    >
      {children ?? <span class="unseen">loading</span>}
    </div>
  );
}

function content<Row>(row: Row | undefined, draw: (row: Row) => ComponentChildren): ComponentChildren {
  return row === undefined ? null : draw(row);
}

/** The chosen row, and how to choose another: it comes into sight, and is told of once it is there. */
function useChoice<Row>(props: Props<Row>, list: { current: HTMLDivElement | null }, rows: number) {
  const { listed, rowHeight, onSelect } = props;
  const [active, setActive] = useState(-1);
  const meant = useRef(-1);
  const select = (to: number) => {
    if (rows === 0 || !list.current) return;
    const index = Math.max(0, Math.min(rows - 1, to));
    const { scrollTop: top, clientHeight: height } = list.current;
    list.current.scrollTop = scrollFor(index, { top, height }, rowHeight);
    meant.current = index;
    setActive(index);
    void listed.pages.waitFor(index).then(() => {
      const row = listed.pages.row(index);
      if (row !== undefined && meant.current === index) onSelect(row);
    });
  };
  return { active, select };
}
