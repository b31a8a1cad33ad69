import type { SweepEntry } from "../../../api.js";
import { ago, counted, percent } from "../../format.js";
import { isBroken } from "../../parts/broken.js";
import { calledName, Labels } from "../../parts/labels.js";
import { StatusPill } from "../../parts/tags.js";
import { placeLink } from "../../state/place.js";
import { lastChange, sweepStatus } from "./groups.js";
import { Pick } from "./run-row.js";

type Props = { sweep: SweepEntry; opened: boolean; toggle: () => void; picked: boolean; pick: () => void };

/** A sweep in the list, above its runs. */
export function SweepRow({ sweep, opened, toggle, picked, pick }: Props) {
  const { runs } = sweep;
  const name = calledName(sweep);
  const done = runs.filter(({ status }) => status === "done").length;
  const methods = new Set(runs.map(({ method }) => method.toUpperCase()));
  const broken = runs.filter(isBroken).length;
  const seeds = new Set(runs.map(({ seed }) => seed)).size;
  return (
    <tr class="sweep">
      <td>
        <Pick name={name} picked={picked} pick={pick} />
      </td>
      <th scope="row">
        <button
          type="button"
          class="toggle"
          aria-expanded={opened}
          aria-label={`Runs of ${name}`}
          onClick={toggle}
        />
        <a href={placeLink("sweep", { id: sweep.id })}>{name}</a>
        <small> sweep of {counted(runs.length, "run")}</small>
        <Labels of={sweep} />
      </th>
      <td>
        <StatusPill status={sweepStatus(sweep)} />
        <small class="narrow">{`${done}/${runs.length} runs`}</small>
      </td>
      <td class="number roomy">{shares(sweep)}</td>
      <td class="roomy">{[...methods].join(", ")}</td>
      <td class="number roomy">
        {seeds}
        <small>{seeds === 1 ? " seed" : " seeds"}</small>
      </td>
      <td class="number roomy">
        {`${done}/${runs.length}`}
        <small> runs</small>
      </td>
      <td class="numbers">
        {ends(sweep)}
        {broken > 0 && <span class="tag tone-bad">{`${broken} broke`}</span>}
      </td>
      <td class="roomy">{ago(lastChange(sweep))}</td>
    </tr>
  );
}

function shares({ runs }: SweepEntry): string {
  const all = runs.flatMap(({ biased }) => (biased === null ? [] : [biased]));
  if (all.length === 0) return "–";
  const [share, ...others] = new Set(runs.map((run) => run.share));
  if (share !== undefined && others.length === 0) return share;
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? percent(least) : `${percent(least)} – ${percent(most)}`;
}

/** How far the runs of a sweep have spread. */
function ends({ runs }: SweepEntry): string {
  const last = runs
    .filter(({ status }) => status === "done")
    .flatMap(({ honesty }) => honesty.filter((value) => value !== null).slice(-1));
  if (last.length === 0) return "–";
  return `ends at ${percent(Math.min(...last))} – ${percent(Math.max(...last))}`;
}
