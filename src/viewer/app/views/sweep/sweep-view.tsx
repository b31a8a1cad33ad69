import type { SweepEntry } from "../../../api.js";
import { counted } from "../../format.js";
import { Curves } from "../../parts/curves/curves.js";
import { Heading } from "../../parts/heading.js";
import { calledName, Labels, Note } from "../../parts/labels.js";
import { Loading } from "../../parts/loading.js";
import { KeepInOrder } from "../../parts/order.js";
import { Outcome } from "../../parts/outcome.js";
import { StatusPill } from "../../parts/tags.js";
import { useCatalogue } from "../../state/live.js";
import { placeLink, useQuery, useRemember, useTitle } from "../../state/place.js";
import { sweepStatus } from "../runs/groups.js";
import { Grid } from "./grid.js";

/** More seeds than this have no room beside the curves. */
const MOST_BESIDE = 3;

/** A grid of runs, as it fills. */
export function SweepPage() {
  const id = useQuery().get("id") ?? "";
  const catalogue = useCatalogue();
  const sweep = catalogue?.sweeps.find((one) => one.id === id);
  useTitle(sweep && calledName(sweep));
  if (!catalogue) return <Loading />;
  return sweep ? <Sweep sweep={sweep} /> : <NoSuchSweep id={id} />;
}

function Sweep({ sweep }: { sweep: SweepEntry }) {
  const { id, runs } = sweep;
  const remember = useRemember();
  const measured = runs.reduce((sum, { honesty }) => sum + honesty.length, 0);
  const isWide = new Set(runs.map(({ seed }) => seed)).size > MOST_BESIDE;
  const table = (
    <section class={`card beside ${isWide ? "below" : ""}`} aria-label="Runs">
      <h2>Runs</h2>
      <Grid runs={runs} />
    </section>
  );
  return (
    <>
      <Head sweep={sweep} />
      <Outcome id={id} version={measured} />
      <div class="overview">
        <Curves ids={[id]} version={measured} seeds remember={(chosen) => remember({ id, ...chosen })} />
        {!isWide && table}
      </div>
      {isWide && table}
      <KeepInOrder id={id} kind="sweep" labels={sweep.labels} />
    </>
  );
}

function Head({ sweep }: { sweep: SweepEntry }) {
  const { runs, id, description } = sweep;
  const done = runs.filter(({ status }) => status === "done").length;
  const steps = runs.reduce((sum, run) => sum + run.rounds + 1, 0);
  const complete = runs.reduce((sum, run) => sum + run.round + 1, 0);
  return (
    <>
      <nav class="crumbs" aria-label="Where this is">
        <a href={placeLink("")}>Runs</a>
      </nav>
      <div class="title-line">
        <Heading>{calledName(sweep)}</Heading>
        <Labels of={sweep} />
        <StatusPill status={sweepStatus(sweep)} />
        <p class="quiet facts">{`${done} of ${counted(runs.length, "run")} done · ${id}`}</p>
      </div>
      {description !== "" && <p class="description">{description}</p>}
      <Note labels={sweep.labels} />
      {complete < steps && (
        <p class="progress">
          <progress max={steps} value={complete} aria-label="Complete rounds of all runs" />
          {`${complete} of ${steps} rounds`}
        </p>
      )}
    </>
  );
}

function NoSuchSweep({ id }: { id: string }) {
  return (
    <>
      <Heading>No such sweep</Heading>
      <p>
        {id === "" ? "The address names none." : `The folder holds no sweep called ${id}.`}{" "}
        <a href={placeLink("")}>All runs</a>
      </p>
    </>
  );
}
