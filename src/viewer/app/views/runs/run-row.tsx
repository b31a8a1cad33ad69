import type { RunEntry } from "../../../api.js";
import { ago, percent } from "../../format.js";
import { BrokenTag } from "../../parts/broken.js";
import { calledName, Labels } from "../../parts/labels.js";
import { SmallCurve } from "../../parts/small-curve.js";
import { StatusPill } from "../../parts/tags.js";
import { runLink } from "../../state/place.js";
import { axesOf } from "./groups.js";

type Props = { run: RunEntry; bottom: number; picked: boolean; pick: () => void };

/** A run in the list. */
export function RunRow({ run, bottom, picked, pick }: Props) {
  const name = run.sweep ? axesOf(run) : calledName(run);
  const begun = run.status !== "waiting" && run.status !== "damaged";
  const rounds = `${Math.max(0, run.round)}/${run.rounds}`;
  return (
    <tr class={run.sweep ? "cell" : ""}>
      <td>{begun && <Pick name={name} picked={picked} pick={pick} />}</td>
      <th scope="row">
        {begun ? <a href={runLink("run", run.id)}>{name}</a> : name}
        {!run.sweep && <small> {run.id}</small>}
        <Labels of={run} />
        <small class="narrow">{`${run.share} · ${run.method.toUpperCase()} · seed ${run.seed}`}</small>
      </th>
      <td>
        <StatusPill status={run.status} />
        <small class="narrow">{rounds} rounds</small>
      </td>
      <td class="number roomy">{run.share}</td>
      <td class="roomy">{run.method.toUpperCase()}</td>
      <td class="number roomy">{run.seed}</td>
      <td class="number roomy">{rounds}</td>
      <td>{begun && <Honesty run={run} bottom={bottom} />}</td>
      <td class="roomy">{ago(run.changed)}</td>
    </tr>
  );
}

/** The box that puts a run or sweep among those to compare. */
export function Pick({ name, picked, pick }: { name: string; picked: boolean; pick: () => void }) {
  return <input type="checkbox" aria-label={`Compare ${name}`} checked={picked} onChange={pick} />;
}

function Honesty({ run, bottom }: { run: RunEntry; bottom: number }) {
  const measured = run.honesty.filter((value) => value !== null);
  const words =
    measured.length > 1 ? `${percent(measured[0])} → ${percent(measured.at(-1))}` : percent(measured[0]);
  return (
    <span class="honesty">
      <SmallCurve values={run.honesty} rounds={run.rounds} bottom={bottom} />
      <span class="numbers">{words}</span>
      <BrokenTag run={run} />
    </span>
  );
}
