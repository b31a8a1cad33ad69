import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ProbeRow, ProbeTable, RunView } from "../../../api.js";
import { count, counted } from "../../format.js";
import { usePages } from "../../parts/list/use-pages.js";
import { VirtualList } from "../../parts/list/virtual-list.js";
import { Loading } from "../../parts/loading.js";
import { RunHead } from "../../parts/run-head.js";
import { answer, api, until } from "../../state/api.js";
import { useRun } from "../../state/live.js";
import { useLoaded } from "../../state/loaded.js";
import { useQuery, useRemember, useTitle } from "../../state/place.js";
import { useSettled } from "../../state/settled.js";
import { SuitesContext } from "../../state/suites.js";
import { type Filter, Filters, filterIn } from "./filters.js";
import { type Order, ordered, orderOf } from "./order.js";
import { passing } from "./passing.js";
import { Legend, ProbeLine, rowHeight } from "./probe-line.js";
import { Reading, type Steps, type Which } from "./reading.js";

const PAUSE_MS = 200;

/** Probes of a run: which verdict each had after every round, and what was said. */
export function ProbesPage() {
  const run = useQuery().get("run") ?? "";
  const first = useLoaded((signal) => answer(api.run.$get({ query: { run } }, until(signal))), [run]);
  const view = useRun(run, first?.entry.status === "running") ?? first;
  const table = useLoaded(
    (signal) => answer(api.probes.$get({ query: { run } }, until(signal))),
    [run, view?.rounds.length],
  );
  useTitle(view && `Probes · ${view.entry.name}`);
  return view && table ? <Probes run={run} view={view} table={table} /> : <Loading />;
}

function Probes({ run, view, table }: { run: string; view: RunView; table: ProbeTable }) {
  const query = useQuery();
  const [filter, setFilter] = useState<Filter>(filterIn(query));
  const [which, setWhich] = useState<Which | null>(whichIn(query));
  const [at, setAt] = useState(Number(query.get("at") ?? table.rounds.at(-1) ?? 0));
  const steps = useRef<Steps | null>(null);
  const settled = useSettled(filter, PAUSE_MS);
  const order = orderOf(table, settled.order);
  const { rows, question } = useRows(run, table, settled, order);
  const listed = usePages<ProbeRow, { total: number; rows: ProbeRow[] }>(
    async (offset, limit) => ({ total: rows.length, rows: rows.slice(offset, offset + limit) }),
    question,
    String(table.rounds.length),
  );
  useRemembered(run, settled, which, at);
  const all = counted(table.rows.length, "probe");
  return (
    <SuitesContext.Provider value={view.suites}>
      <RunHead run={view.entry} view="probes" />
      <Filters filter={filter} table={table} order={orderOf(table, filter.order)} change={setFilter} />
      {table.words !== null && <p class="quiet told">{table.words}</p>}
      <div class="split">
        <section class="card listing" aria-label="Found">
          <Legend table={table} />
          <p class="found" role="status">
            {rows.length === table.rows.length ? all : `${count(rows.length)} of ${all}`}
            {order === "moved" && ", those first whose score moved furthest since round 0"}
          </p>
          <VirtualList
            key={question}
            label="Probes"
            rowHeight={rowHeight(table)}
            listed={listed}
            draw={(row) => <ProbeLine row={row} table={table} />}
            onSelect={({ suite, probe }) => setWhich({ suite, probe })}
            // The list keeps the focus while the rounds change under it.
            onKeyDown={({ key }) => {
              if (key === "ArrowRight") steps.current?.step(1);
              if (key === "ArrowLeft") steps.current?.step(-1);
            }}
          />
        </section>
        <Reading run={run} which={which} table={table} at={at} show={setAt} steps={steps} />
      </div>
    </SuitesContext.Provider>
  );
}

/** The rows that pass the filter; what was said is searched by the server. */
function useRows(
  run: string,
  table: ProbeTable,
  filter: Filter,
  order: Order | undefined,
): { rows: ProbeRow[]; question: string } {
  const text = filter.text.trim();
  const hits = useLoaded(
    async (signal) =>
      text === ""
        ? { text, of: undefined }
        : { text, of: await answer(api.probes.search.$get({ query: { run, text } }, until(signal))) },
    [run, text],
  );
  const rows = useMemo(
    () => ordered(passing(table.rows, filter, hits?.of && new Set(hits.of)), order),
    [table, filter, hits, order],
  );
  // Another round may set probes that moved into another order: what was chosen would be another one.
  const turn = order === "moved" ? table.rounds.length : 0;
  return { rows, question: JSON.stringify([filter, hits?.text, order, turn]) };
}

function useRemembered(run: string, filter: Filter, which: Which | null, at: number): void {
  const remember = useRemember();
  useEffect(
    () => remember({ run, ...filter, of: which?.suite, probe: which?.probe, at: which ? at : undefined }),
    [remember, run, filter, which, at],
  );
}

function whichIn(query: URLSearchParams): Which | null {
  const probe = query.get("probe") ?? "";
  return probe === "" ? null : { suite: query.get("of") ?? "", probe };
}
