import type { Progress, RunView, Status } from "../../../api.js";
import { count, counted, duration, fixed } from "../../format.js";

const STAGES: Readonly<Record<Progress["stage"], string>> = {
  population: "Draw users",
  interaction: "Talk and rate",
  preference: "Select",
  training: "Train",
  evaluation: "Measure",
};
const ORDER = Object.keys(STAGES) as Progress["stage"][];

/** States that a run goes on from when it is started again. */
const STOPPED: ReadonlySet<Status> = new Set<Status>(["failed", "interrupted", "stopped"]);

/** What is going on in a run, or what went wrong in it. */
export function Now({ view }: { view: RunView }) {
  const { entry, progress, warnings } = view;
  const running = progress !== null && entry.status !== "done";
  if (!running && !STOPPED.has(entry.status) && warnings.length === 0) return null;
  return (
    <section class="card now" aria-label="What is going on">
      <Failure view={view} />
      {running && <ProgressLine status={entry.status} progress={progress} rounds={entry.rounds} />}
      {warnings.length > 0 && (
        <details class="warnings">
          <summary>{`Latest warnings (${warnings.length})`}</summary>
          <ul>
            {warnings.map((text, at) => (
              <li key={at}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Why a run stopped, and how it goes on. */
function Failure({ view }: { view: RunView }) {
  const { entry, cause } = view;
  if (!STOPPED.has(entry.status)) return null;
  return (
    <div class={`cause status-${entry.status}`} role="alert">
      <strong>{HEADS[entry.status]}</strong>
      {cause !== null && <p class="words">{cause}</p>}
      <p>
        {entry.status === "failed" && "Once that is mended, start it "}
        {entry.status !== "failed" && "Start it "}
        again with the same command: it goes on {fromWhere(entry.round)}.
      </p>
    </div>
  );
}

const HEADS: Partial<Record<Status, string>> = {
  failed: "This run failed.",
  interrupted: "This run was interrupted.",
  stopped: "This run stopped without saying why: its process is gone.",
};

function fromWhere(round: number): string {
  return round < 1 ? "from what is there" : `after ${counted(round, "round")}`;
}

type LineProps = { status: Status; progress: Progress; rounds: number };

function ProgressLine({ status, progress, rounds }: LineProps) {
  const { round, stage, done, total, loss, seconds_left } = progress;
  const stages = round === 0 ? ORDER.slice(-1) : ORDER;
  const at = stages.indexOf(stage);
  const amount = total === null ? (done > 0 ? count(done) : "") : `${count(done)} of ${count(total)}`;
  return (
    <div>
      <p class="round-line">
        <strong>{round === 0 ? "Before training" : `Round ${round} of ${rounds}`}</strong>
        {status === "running" && seconds_left !== null && (
          <span class="quiet">{` about ${duration(seconds_left)} left`}</span>
        )}
      </p>
      <ol class="stages">
        {stages.map((name, index) => (
          <li
            key={name}
            class={index < at ? "past" : index === at ? "present" : ""}
            aria-current={index === at ? "step" : undefined}
          >
            {STAGES[name]}
            {index === at && amount !== "" && <small>{` ${amount}`}</small>}
            {index === at && loss !== null && <small>{`, loss ${fixed(loss, 3)}`}</small>}
          </li>
        ))}
      </ol>
      {total !== null && (
        <progress max={Math.max(1, total)} value={done} aria-label={`${STAGES[stage]}: ${amount}`} />
      )}
    </div>
  );
}
