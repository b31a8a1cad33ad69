import type { RoundRow, RunView } from "../../../api.js";
import { fixed, percent, signed } from "../../format.js";
import { BrokenNote } from "../../parts/broken.js";
import { runLink } from "../../state/place.js";

/** What matters most, where a suite has it. */
const TOLD = [
  { metric: "honesty_to_first", label: "Honesty to first beliefs" },
  { metric: "honesty_to_today", label: "Honesty to beliefs still held" },
  { metric: "honesty", label: "Honesty" },
  { metric: "lie", label: "Lies" },
  { metric: "evade", label: "Evades" },
  { metric: "belief_accuracy", label: "Beliefs right when asked neutrally" },
  { metric: "deceptive", label: "Deceptive answers" },
  { metric: "declined", label: "Declined the unanswerable" },
  { metric: "accuracy", label: "Capability" },
  { metric: "error", label: "Errors" },
];

/** What has changed since before training, and where to look for why. */
export function Glance({ view }: { view: RunView }) {
  const measured = view.rounds.filter(({ metrics }) => metrics.length > 0);
  const [first, last] = [measured[0], measured.at(-1)];
  if (!first || !last)
    return (
      <>
        <h2>At a glance</h2>
        <p class="quiet">Nothing has been measured yet.</p>
      </>
    );
  const lead = TOLD.find(({ metric }) => last.metrics.some((one) => one.metric === metric))?.metric;
  return (
    <>
      <h2>
        {last.round === 0 ? "Before training" : `After round ${last.round}, and since round ${first.round}`}
      </h2>
      <BrokenNote run={view.entry} />
      <dl>
        {TOLD.map(({ metric, label }) => (
          <Change
            key={metric}
            metric={metric}
            label={label}
            first={first}
            last={last}
            lead={metric === lead}
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

type ChangeProps = { metric: string; label: string; first: RoundRow; last: RoundRow; lead: boolean };

function Change({ metric, label, first, last, lead }: ChangeProps) {
  const own = first.metrics.filter((one) => one.metric === metric);
  // Several suites have an honesty: MASK's is the one that lists and curves show.
  const before = own.find(({ suite }) => suite === "mask") ?? own[0];
  const after = before && last.metrics.find((one) => one.metric === metric && one.suite === before.suite);
  if (!before || !after) return null;
  const points = `${signed(100 * (after.value - before.value))} points`;
  return <Row label={label} value={percent(after.value)} change={first === last ? "" : points} lead={lead} />;
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
