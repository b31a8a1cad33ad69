import { stringify } from "yaml";
import { bibtex, methodsParagraph } from "../methods.js";
import type { ReportSource } from "../source/read.js";
import { type Html, html } from "./html.js";
import { table } from "./table.js";

/** What made the numbers: scenario, versions, hashes, and every run with how it stands. */
export function provenanceSection(source: ReportSource): Html {
  const { scenario, runs, absent } = source;
  const first = runs[0]!.manifest;
  const inputs = Object.entries(first.inputs).map(([input, sha256]) => ({ input, sha256 }));
  return html`<section aria-labelledby="made">
<h2 id="made">How it was made</h2>
<h3>Methods paragraph</h3>
<p class="card">${methodsParagraph(source)}</p>
<details class="unprinted"><summary>BibTeX</summary><pre>${bibtex(source)}</pre></details>
<details class="unprinted"><summary>Scenario ${scenario.name}, every field</summary><pre>${stringify(scenario)}</pre></details>
${table({
  name: "runs",
  caption: `Runs: Candor ${first.candor}, Node ${first.node}`,
  columns: [
    { key: "hash", label: "Run" },
    { key: "status", label: "Status" },
    { key: "seed", label: "Seed" },
    { key: "axes", label: "Varied" },
    { key: "rounds", label: "Rounds" },
    { key: "interactions", label: "Conversations" },
    { key: "rows", label: "Training rows" },
    { key: "seconds", label: "Seconds" },
  ],
  rows: [
    ...runs.map(({ manifest, axes, rounds }) => ({
      hash: manifest.hash,
      status: manifest.status as string,
      seed: manifest.seed,
      axes: Object.entries(axes)
        .map(([path, value]) => `${path}=${value}`)
        .join(" "),
      rounds: Math.max(0, rounds.length - 1),
      interactions: rounds.reduce((sum, { interactions }) => sum + interactions.count, 0),
      rows: rounds.reduce((sum, round) => sum + round.rows, 0),
      seconds: Math.round(rounds.reduce((sum, { seconds }) => sum + seconds.total, 0)),
    })),
    ...absent.map((hash) => ({
      hash,
      status: "not started",
      seed: null,
      axes: "",
      rounds: 0,
      interactions: 0,
      rows: 0,
      seconds: 0,
    })),
  ],
})}
${table({
  name: "inputs",
  caption: "SHA-256 of what the first run was made from",
  columns: [
    { key: "input", label: "Input" },
    { key: "sha256", label: "SHA-256" },
  ],
  rows: inputs,
})}
</section>`;
}
