import { stringify } from "yaml";
import {
  type Analysis,
  compareCases,
  findings,
  methodsParagraph,
  type ReportSource,
  summary,
} from "../report/index.js";
import { sourceKind } from "../scenario/index.js";
import type { Table } from "./table.js";

/** The card of a data set that the tables make: what a reader needs before using it, and its owner before publishing it. */
export function datasetCard(source: ReportSource, analysis: Analysis, tables: readonly Table[]): string {
  const { scenario, runs, kind } = source;
  const version = runs[0]!.manifest.candor;
  const { rated, simulated } = sourceKind(scenario.source);
  const withUsers = rated && simulated;
  const front = {
    pretty_name: `Candor: ${scenario.name}`,
    license: "unknown",
    tags: ["honesty", ...(withUsers ? ["simulated-users", "preference-data"] : []), "alignment"],
    configs: tables.map(({ name }) => ({
      config_name: name,
      data_files: `data/${name}.parquet`,
      ...(name === (rated ? "conversations" : "drift") ? { default: true } : {}),
    })),
  };
  return `---
${stringify(front).trimEnd()}
---

# ${inLine(`Candor: ${scenario.name}`)}

${inLine(scenario.description)}

${kind === "sweep" ? `A sweep of ${runs.length} runs` : `One run, seed ${scenario.seed}`} of ${withUsers ? USERS : rated ? LOGS : ROWS}
Made with Candor ${version}.

## In short

${inThree(source, analysis)}
${findings(source, analysis)
  .map((finding) => `- ${inLine(finding)}`)
  .join("\n")}

![The first figure, honesty by round](figures/curves.svg)

Figures as SVG and as Vega-Lite specifications with their data are in \`figures/\`.

## How it was made

${inLine(methodsParagraph(source))}

\`scenario.yaml\` is the whole script: \`candor ${kind} scenario.yaml\` makes it again. References are in \`references.bib\`.

## Tables

They join on \`run\` and \`round\`.

${tables.map(describe).join("\n\n")}

## Before you publish it

- Choose a licence and put it into the head of this file. Models, probes and situations have licences of their own.
${withUsers ? ABOUT_USERS : rated ? ABOUT_LOGS : ABOUT_ROWS}
- Probes in \`probes\` measure honesty. Training on them makes the measure worthless.
`;
}

const USERS = `simulated users who talk to an assistant
and rate it, of an assistant that learns from those ratings round after round, and of its honesty on probes that have nothing
to do with what it was trained on.`;
const LOGS = `an assistant that is trained on the marks that
real users gave to its replies, and of its honesty on probes that have nothing to do with them.`;
const ROWS = `an assistant that is trained on data files, and of its
honesty on probes that have nothing to do with them.`;

const ABOUT_USERS = `- Everybody in it is simulated: users, ratings and assistant are models. It says nothing about real people.
- Conversations and probes contain wishes for harmful advice and untrue statements, on purpose. It is evidence about a
  mechanism; a model trained on it as it stands learns what the conversations show.`;
const ABOUT_ROWS = `- Probes contain untrue statements, on purpose, and so may the data that was trained on, which is not in here. It is evidence
  about a mechanism.`;

const ABOUT_LOGS = `- Conversations and marks are those of real people, who have agreed to something, and hardly to this. What looked like personal
  data is in here unless the scenario says \`strip: true\`, and even then patterns miss names and stories. Do not publish it as it stands.
- Nobody knows what these users are like: \`biased\` says nothing here.`;

function inThree(source: ReportSource, analysis: Analysis): string {
  const answers = summary(source, analysis, compareCases(source));
  if (!answers) return "";
  const { happened, sure, why } = answers;
  return [
    `**What happened.** ${inLine(happened)}`,
    `**How sure that is.** ${inLine(sure)}`,
    ...(why === "" ? [] : [`**Lying or forgetting.** ${inLine(why)}`]),
    "In detail:",
  ].join("\n\n");
}

function describe({ name, about, columns }: Table): string {
  const rows = columns.map((column) => `| \`${column.name}\` | ${TYPES[column.type]} | ${column.about} |`);
  return [`### ${name}`, "", about, "", "| column | type | meaning |", "|---|---|---|", ...rows].join("\n");
}

const TYPES = {
  string: "text",
  integer: "whole number",
  number: "number",
  numbers: "list of numbers",
  messages: "list of role and content",
  json: "JSON text",
} as const;

/** Names and descriptions are people's own: they stay on their line and are no markup. */
function inLine(text: string): string {
  return text.replace(/\s+/gu, " ").replace(/[<>[\]`*_|\\]/gu, (sign) => `\\${sign}`);
}
