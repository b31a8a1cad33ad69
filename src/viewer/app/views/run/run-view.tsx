import type { RunView } from "../../../api.js";
import { Curves } from "../../parts/curves/curves.js";
import { calledName, Note } from "../../parts/labels.js";
import { Loading } from "../../parts/loading.js";
import { KeepInOrder } from "../../parts/order.js";
import { Outcome } from "../../parts/outcome.js";
import { RunHead } from "../../parts/run-head.js";
import { answer, api, until } from "../../state/api.js";
import { useRun } from "../../state/live.js";
import { useLoaded } from "../../state/loaded.js";
import { useQuery, useRemember, useTitle } from "../../state/place.js";
import { Details } from "./details.js";
import { Glance } from "./glance.js";
import { LossByStep } from "./losses.js";
import { Now } from "./now.js";
import { Rounds } from "./rounds.js";

/** One run, as it goes. */
export function RunPage() {
  const id = useQuery().get("run") ?? "";
  const remember = useRemember();
  const first = useLoaded((signal) => answer(api.run.$get({ query: { run: id } }, until(signal))), [id]);
  const view = useRun(id, first !== undefined) ?? first;
  useTitle(view && calledName(view.entry));
  if (!view) return <Loading />;
  return (
    <>
      <RunHead run={view.entry} view="run" />
      <Description view={view} />
      <Note labels={view.entry.labels} />
      <Now view={view} />
      <Outcome id={id} version={view.rounds.length} />
      <div class="overview">
        <Curves
          ids={[id]}
          version={view.rounds.length}
          remember={({ metric, suite }) => remember({ run: id, metric, suite })}
        />
        <section class="card glance" aria-label="At a glance">
          <Glance view={view} />
        </section>
      </div>
      <Rounds view={view} />
      <LossByStep id={id} version={view.rounds.length} />
      <Details view={view} />
      {view.entry.sweep === null && <KeepInOrder id={id} kind="run" labels={view.entry.labels} />}
    </>
  );
}

function Description({ view: { description } }: { view: RunView }) {
  return description === "" ? null : <p class="description">{description}</p>;
}
