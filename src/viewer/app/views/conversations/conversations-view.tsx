import { useEffect, useRef, useState } from "preact/hooks";
import type { ConversationPage, ConversationRow, RunView } from "../../../api.js";
import { count, counted } from "../../format.js";
import { type Listed, usePages } from "../../parts/list/use-pages.js";
import { type ListHandle, VirtualList } from "../../parts/list/virtual-list.js";
import { reachable } from "../../parts/list/window.js";
import { Loading } from "../../parts/loading.js";
import { RunHead } from "../../parts/run-head.js";
import { answer, api, until } from "../../state/api.js";
import { useRun } from "../../state/live.js";
import { useLoaded } from "../../state/loaded.js";
import { useQuery, useRemember, useTitle } from "../../state/place.js";
import { useSettled } from "../../state/settled.js";
import { ConversationLine } from "./conversation-line.js";
import { asked, type Filter, Filters, filterIn } from "./filters.js";
import { Reading, type Which } from "./reading.js";

const ROW = 68;
const PAUSE_MS = 200;

/** The conversations of a run: found on the left, read on the right. */
export function ConversationsPage() {
  const run = useQuery().get("run") ?? "";
  const view = useLoaded((signal) => answer(api.run.$get({ query: { run } }, until(signal))), [run]);
  useTitle(view && `Conversations · ${view.entry.name}`);
  return view ? <Conversations run={run} view={view} /> : <Loading />;
}

function Conversations({ run, view }: { run: string; view: RunView }) {
  const query = useQuery();
  const remember = useRemember();
  const [filter, setFilter] = useState<Filter>(filterIn(query));
  const [which, setWhich] = useState<Which | null>(whichIn(query));
  const list = useRef<ListHandle | null>(null);
  const version = useProgress(run, view);
  // The list and what it can be filtered by come from the same files: a large run's are read once for both.
  const facets = useLoaded(
    (signal) => answer(api.facets.$get({ query: { run } }, until(signal))),
    [run, version.round],
  );
  const settled = useSettled(filter, PAUSE_MS);
  const question = JSON.stringify(settled);
  const listed = usePages<ConversationRow, ConversationPage>(
    (offset, limit, signal) =>
      answer(
        api.conversations.$get(
          { query: { run, ...asked(settled), offset: String(offset), limit: String(limit) } },
          until(signal),
        ),
      ),
    question,
    version.state,
  );
  useEffect(
    () => remember({ run, ...settled, at: which?.round, id: which?.id }),
    [remember, run, settled, which],
  );
  return (
    <>
      <RunHead run={view.entry} view="conversations" />
      <Filters filter={filter} facets={facets} change={setFilter} />
      <div class="split">
        <section class="card listing" aria-label="Found">
          <Found listed={listed} />
          <VirtualList
            key={question}
            label="Conversations"
            rowHeight={ROW}
            listed={listed}
            handle={list}
            draw={(row) => <ConversationLine row={row} />}
            onSelect={({ round, id }) => setWhich({ round, id })}
          />
        </section>
        <Reading run={run} which={which} step={(by) => list.current?.step(by)} />
      </div>
    </>
  );
}

function Found({ listed }: { listed: Listed<ConversationRow, ConversationPage> }) {
  const { page, error } = listed;
  return (
    <>
      <p class="found" role="status">
        {page && foundWords(page)}
      </p>
      {error && (
        <p class="problem" role="alert">
          {error.message}
        </p>
      )}
    </>
  );
}

function foundWords({ total, all }: ConversationPage): string {
  const within = reachable(total, ROW);
  return (
    (total === all ? "" : `${count(total)} of `) +
    counted(all, "conversation") +
    (within < total ? `; the first ${count(within)} are listed, so narrow the filters` : "")
  );
}

/** How far a running run has come: what is listed is asked for again where it has come further. */
function useProgress(run: string, view: RunView): { round: number; state: string } {
  const now = useRun(run, view.entry.status === "running") ?? view;
  const { round = 0, stage, done } = now.progress ?? {};
  return { round, state: JSON.stringify([round, stage, done]) };
}

function whichIn(query: URLSearchParams): Which | null {
  const id = query.get("id") ?? "";
  return id === "" ? null : { round: Number(query.get("at") ?? 0), id };
}
