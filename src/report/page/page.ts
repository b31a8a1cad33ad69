import { createHash } from "node:crypto";
import { asCalled, sent } from "../../called.js";
import { csv } from "../../drift/index.js";
import { counted } from "../../numbers.js";
import type { Analysis } from "../analysis.js";
import type { CaseRow } from "../cases.js";
import { type Figure, specOf, themed } from "../figures/index.js";
import type { Section } from "../figures-of.js";
import { findings } from "../findings.js";
import { frontierOf } from "../frontier.js";
import type { Headline } from "../headline/index.js";
import type { Examples } from "../source/examples.js";
import type { ReportSource } from "../source/read.js";
import { type Summary, summary } from "../summary.js";
import { termsOf } from "../terms.js";
import { examplesSection } from "./examples.js";
import { type Html, html, trusted } from "./html.js";
import { provenanceSection } from "./provenance.js";
import { SCRIPT } from "./script.js";
import { STYLE } from "./style.js";
import { download } from "./table.js";
import { tablesSection } from "./tables.js";

/** A section with its figures drawn. */
export type DrawnSection = Omit<Section, "figures"> & { figures: Drawn[] };

/** A figure drawn for a page and for a phone's column. */
type Drawn = { figure: Figure; svg: string; narrow: string };

export type PageParts = {
  source: ReportSource;
  analysis: Analysis;
  cases: CaseRow[] | null;
  sections: readonly DrawnSection[];
  examples: Examples | undefined;
};

/** The whole report as one HTML document that loads nothing and, by its own policy, could not. */
export function page({ source, analysis, cases, sections, examples }: PageParts): string {
  const { scenario, kind, runs } = source;
  const title = `${scenario.name}: honesty drift`;
  const links = [
    ...sections.map(({ id, heading }) => ({ id, heading })),
    ...(examples ? [{ id: "examples", heading: "What did it say?" }] : []),
    { id: "tables", heading: "The numbers" },
    { id: "made", heading: "How it was made" },
  ];
  const answers = summary(source, analysis, cases);
  const hash = createHash("sha256").update(SCRIPT).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`${trusted("<!doctype html>")}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="candor ${runs[0]!.manifest.candor}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="lead">${scenario.description}</p>
<p class="lead">${kind === "sweep" ? `A sweep of ${runs.length + source.absent.length} runs` : `One run, seed ${scenario.seed}`}, ${counted(scenario.rounds, "round")}, made with Candor ${runs[0]!.manifest.candor}.</p>
<nav aria-label="Sections"><ul>${links.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
</header>
<main>
<section class="card findings" aria-labelledby="in-short">
<h2 id="in-short" style="border:0;margin:0;padding:0">In short</h2>
${inThree(answers)}
${answers && failures(answers.headline)}
${inDetail(findings(source, analysis).map(sent))}
</section>
${sections.filter(isEvidence).map(section)}
<p class="lead on-screen">What follows opens with a click: what the change is made of, examples, every number, and how it was made.</p>
${sections.filter((one) => !isEvidence(one)).map((one) => folded(one.heading, section(one)))}
${examples && folded("What did it say?", examplesSection(examples))}
${folded("The numbers", tablesSection(analysis, { cases, frontier: frontierOf(source) }, termsOf(scenario)))}
${folded("How it was made", provenanceSection(source))}
${answers && next(answers.headline)}
</main>
<footer><p>This file is complete in itself: it needs no network, and its figures and tables carry their data.</p></footer>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.html;
}

function inThree(answers: Summary | null): Html | false {
  if (!answers) return false;
  const { happened, sure, why, headline } = answers;
  const loud = headline.broken.length > 0 || headline.verdict === "floor";
  return html`<dl class="answers">
<dt>What happened</dt><dd${loud && html` class="loud"`}>${sent(happened)}</dd>
<dt>How sure that is</dt><dd>${sure}</dd>
${why !== "" && html`<dt>Lying or forgetting</dt><dd>${why}</dd>`}
</dl>`;
}

/** What failed, why, and what mends it. */
function failures({ failures: failed }: Headline): Html | false {
  if (failed.length === 0) return false;
  return html`<h3>Runs that failed</h3>
<ul>${failed.map(({ name, cause, log }) => html`<li><b>${name}</b>: ${cause}. ${log} has the rest.</li>`)}</ul>
${[...new Set(failed.map(({ mend }) => mend))].map((mend) => html`<p>To go on, ${mend}.</p>`)}`;
}

function next({ next: commands }: Headline): Html {
  return html`<section aria-labelledby="next">
<h2 id="next">What next</h2>
<p class="lead">Commands for who has the runs, in the folder that this report was written from.</p>
<ul>${commands.filter(({ command }) => !command.startsWith("report ")).map(({ command, why }) => html`<li><code>${asCalled(`candor ${command}`)}</code> ${why}</li>`)}</ul>
</section>`;
}

/** What the answers rest on stands open; everything else is a click away. */
const EVIDENCE: ReadonlySet<string> = new Set(["drift", "dose", "compared"]);

function isEvidence({ id }: Section | DrawnSection): boolean {
  return EVIDENCE.has(id);
}

/** A section behind its heading. Links to it open it, and on paper it stands open. */
function folded(heading: string, content: Html): Html {
  return html`<details class="fold"><summary><span>${heading}</span></summary>
${content}
</details>`;
}

function inDetail(found: readonly string[]): Html {
  return html`<details class="more"><summary>In detail, ${found.length} findings</summary>
<ul>${found.map((finding) => html`<li>${finding}</li>`)}</ul></details>`;
}

/** So many figures of a section are in sight; the others open. */
const IN_SIGHT = 3;

function section({ id, heading, lead, figures }: DrawnSection): Html {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${lead !== "" && html`<p class="lead">${lead}</p>`}
${figures.slice(0, IN_SIGHT).map(drawn)}
${
  figures.length > IN_SIGHT &&
  html`<details class="more"><summary>${counted(figures.length - IN_SIGHT, "more figure")}</summary>
${figures.slice(IN_SIGHT).map(drawn)}
</details>`
}
</section>`;
}

function drawn({ figure, svg, narrow }: Drawn): Html {
  const { name, title, data, description } = figure;
  return html`<figure>
<div class="drawing" tabindex="0" role="group" aria-label="${title}"><div class="wide">${trusted(themed(svg))}</div><div class="slim">${trusted(themed(narrow))}</div></div>
<figcaption>
<p class="downloads">${download(`${name}.svg`, "image/svg+xml", svg, "SVG")}${download(`${name}.csv`, "text/csv", csv(Object.keys(data[0] ?? {}), data), "CSV")}${download(`${name}.vl.json`, "application/json", JSON.stringify(specOf(figure), null, 2), "Vega-Lite")}</p>
<details><summary>The figure in words</summary><p>${description}</p></details>
</figcaption>
</figure>`;
}
