import type { RunEntry } from "../../../api.js";
import { ago, percent } from "../../format.js";
import { BrokenTag } from "../../parts/broken.js";
import { ScrollRegion } from "../../parts/scroll-region.js";
import { settingOf } from "../../parts/setting.js";
import { commonBottom, SmallCurve } from "../../parts/small-curve.js";
import { runLink } from "../../state/place.js";

/** The runs of a sweep, a row for each setting and a column for each seed; on a phone the seeds of a row stand in lines. */
export function Grid({ runs }: { runs: readonly RunEntry[] }) {
  const bottom = commonBottom(runs);
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);
  const rows = new Map<string, RunEntry[]>();
  for (const run of runs) {
    const name = settingOf(run);
    rows.set(name, [...(rows.get(name) ?? []), run]);
  }
  return (
    <ScrollRegion label="Runs of the sweep">
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            {seeds.map((seed) => (
              <th key={seed} scope="col">{`Seed ${seed}`}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows].map(([name, own]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {seeds.map((seed) => (
                <td key={seed}>
                  <small class="narrow quiet">{`Seed ${seed}`}</small>
                  <Cell run={own.find((run) => run.seed === seed)} bottom={bottom} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Cell({ run, bottom }: { run: RunEntry | undefined; bottom: number }) {
  if (!run) return null;
  if (run.status === "waiting" || run.status === "damaged") return <span class="quiet">{run.status}</span>;
  const last = run.honesty.findLast((value) => value !== null);
  const isDone = run.status === "done";
  return (
    <a class="grid-cell" href={runLink("run", run.id)} title={`changed ${ago(run.changed)}`}>
      <SmallCurve values={run.honesty} rounds={run.rounds} bottom={bottom} />
      <span>{isDone ? percent(last) : run.status}</span>
      {!isDone && <small class="quiet">{`round ${Math.max(0, run.round)} of ${run.rounds}`}</small>}
      <BrokenTag run={run} />
    </a>
  );
}
