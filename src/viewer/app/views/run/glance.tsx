import type { RoundRow, RunView } from "../../../api.js";
import { fixed, points, signed } from "../../format.js";
import { BrokenNote } from "../../parts/broken.js";
import { runLink } from "../../state/place.js";
import { type Measure, measured, measuresOf, shown } from "./measures.js";

/** What has changed since before training, and where to look for why. */
export function Glance({ view }: { view: RunView }) {
  const rounds = view.rounds.filter(({ metrics }) => metrics.length > 0);
  const [first, last] = [rounds[0], rounds.at(-1)];
  if (!first || !last)
    return (
      <>
        <h2>At a glance</h2>
        <p class="quiet">Nothing has been measured yet.</p>
      </>
    );
  const measures = measuresOf(view.suites, [first, last]);
  const lead = measures.find(({ headline }) => headline) ?? measures[0];
  return (
    <>
      <h2>
        {last.round === 0 ? "Before training" : `After round ${last.round}, and since round ${first.round}`}
      </h2>
      <BrokenNote run={view.entry} />
      <dl>
        {measures.map((one) => (
          <Change
            key={`${one.suite}/${one.metric}`}
            measure={one}
            first={first}
            last={last}
            lead={one === lead}
          />
        ))}
        <Reward rounds={view.rounds.filter(({ mean_reward }) => mean_reward !== null)} />
      </dl>
      {last.round > 0 && <Ways run={view.entry.id} round={last.round} />}
    </>
  );
}

function Ways({ run, round }: { run: string; round: number }) {
  return (
    <ul>
      <li>
        <a href={runLink("probes", run, { changed: 1 })}>Probes whose verdict changed</a>
      </li>
      <li>
        <a href={runLink("conversations", run, { fate: "top", order: "high" })}>
          Conversations it learnt from, best rated first
        </a>
      </li>
      <li>
        <a href={runLink("chat", run, { round })}>{`Chat with it as it is after round ${round}`}</a>
      </li>
    </ul>
  );
}

type ChangeProps = { measure: Measure; first: RoundRow; last: RoundRow; lead: boolean };

function Change({ measure, first, last, lead }: ChangeProps) {
  const [before, after] = [measured(first, measure), measured(last, measure)];
  if (before === undefined || after === undefined) return null;
  const change = measure.unbounded ? signed(after - before) : points(after - before);
  return (
    <Row
      label={measure.label}
      value={shown(after, measure)}
      change={first === last ? "" : change}
      lead={lead}
    />
  );
}

function Reward({ rounds }: { rounds: readonly RoundRow[] }) {
  const [first, last] = [rounds[0], rounds.at(-1)];
  if (!first || !last) return null;
  const difference = signed((last.mean_reward ?? 0) - (first.mean_reward ?? 0));
  return (
    <Row
      label="Mean reward"
      value={fixed(last.mean_reward, 2)}
      change={first === last ? "" : `${difference} since round ${first.round}`}
    />
  );
}

type RowProps = { label: string; value: string; change: string; lead?: boolean };

function Row({ label, value, change, lead = false }: RowProps) {
  return (
    <div class={lead ? "lead" : ""}>
      <dt>{label}</dt>
      <dd>{value}</dd>
      <dd class="change">{change}</dd>
    </div>
  );
}
