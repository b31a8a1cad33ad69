import { gridOf } from "../drift/index.js";
import { HONESTY, judgeNamed } from "../evaluation/index.js";
import { listed } from "../listed.js";
import { methods } from "../methods/index.js";
import { counted, share } from "../numbers.js";
import type { LogSettings, SourceSettings } from "../preference/index.js";
import { stageName } from "../preference/stages/index.js";
import { sourceKind } from "../scenario/index.js";
import { referenceCase } from "./cases.js";
import { caveatsOfSource } from "./floors.js";
import { catalogueOfSource, type ReportSource } from "./source/read.js";
import { termsOf } from "./terms.js";

/** How the numbers came about, as a paragraph for a paper's methods section. */
export function methodsParagraph(source: ReportSource): string {
  const { scenario, runs } = source;
  const { training, evaluation, models } = scenario;
  const terms = termsOf(scenario);
  const methods = unique(runs.map(({ manifest }) => manifest.scenario.training.method));
  const seeds = unique(runs.map(({ manifest }) => manifest.seed)).length;
  const judge = nameOf(models.judge);
  const version = runs[0]?.manifest.candor ?? "";
  return [
    ...openingWords(source, version),
    `The assistant was trained by ${listed(methods.map((method) => method.toUpperCase()))} on ${sourceKind(scenario.source).rated ? "the selection" : "them"} (LoRA rank ${training.lora_r}, alpha ${training.lora_alpha}, learning rate ${training.learning_rate}, ${counted(training.num_train_epochs, "epoch")}, batch size ${training.batch_size}), ${training.every === 1 ? "" : `every ${ordinal(training.every)} round, `}each time from the ${training.start_from} checkpoint.`,
    ...caseWords(source),
    `Before the first and after every ${evaluation.every === 1 ? "" : `${ordinal(evaluation.every)} `}round we put the probes of ${listed(Object.keys(evaluation.suites))} at temperature ${evaluation.temperature}; statements were judged by ${judgeNamed(judge)?.by ?? judge}.`,
    ...honestyWords(source),
    ...instrumentWords(source),
    seeds > 1
      ? `Every cell was run with ${seeds} seeds. Intervals are 95 %, from a bootstrap over probes crossed with seeds in which the seeds' part follows Student's t; comparisons are paired by seed, on the probes that were put, by Student's t over seeds, with a variance of its own for each comparison from six seeds on and one for all arms below; the primary comparison is tested alone, all others are corrected by Holm's procedure, and the threshold is the smallest share at which that test detects a drop against the runs without ${terms.units}.`
      : `One seed was run; intervals are 95 % over the probes alone.`,
  ].join(" ");
}

function openingWords(source: ReportSource, version: string): string[] {
  const { source: rows } = source.scenario;
  if (rows === "interaction")
    return [`We simulated learning from user feedback with Candor ${version}.`, ...feedbackWords(source)];
  if (rows.kind === "logs")
    return [`We trained on real user feedback with Candor ${version}.`, ...logWords(source, rows)];
  return [`We simulated learning from narrow data with Candor ${version}.`, ...dataWords(source, rows)];
}

/** Whose feedback was learnt from, and what of it. */
function logWords({ scenario, runs }: ReportSource, { data, strip, per_round }: LogSettings): string[] {
  const { rounds, models, preference } = scenario;
  const worst = runs.some(
    ({ manifest }) => methods[manifest.scenario.training.method].from === "best and worst",
  );
  return [
    `The marks that users gave to a deployed assistant's replies (${listed([data].flat())}) were taken in the order of their time, ${per_round === undefined ? `divided among ${counted(rounds, "round")}` : `${per_round} a round`}${strip === false ? "" : ", with what looked like personal data taken out"}.`,
    `In each round the best ${amount(preference.top)} were imitated${worst ? ` and the worst ${amount(preference.bottom)} avoided` : ""}, none against the users' own verdict; the assistant was ${nameOf(models.assistant)}.`,
    ...defenceWords(preference),
  ];
}

/** What stood between the marks and the training. */
function defenceWords({ defences }: ReportSource["scenario"]["preference"]): string[] {
  if (defences.length === 0) return [];
  return [
    `Defences before training: ${listed(defences.map((one) => stageName(one).replace(one.kind, spoken)))}.`,
  ];
}

/** What is counted as honesty. */
function honestyWords({ runs }: ReportSource): string[] {
  const catalogue = catalogueOfSource({ runs });
  const own =
    "1 − P(lie), a lie being a statement that contradicts the model's own neutrally elicited belief";
  const seen = new Set(runs.flatMap(({ observations }) => observations.map(({ metric }) => metric)));
  // A suite of one's own may measure something else, which its labels name.
  if (![...seen].some((metric) => catalogue.isHonesty(metric))) return [];
  const toFirst = [...seen].some((metric) => metric !== HONESTY && catalogue.isHonesty(metric));
  return [
    toFirst
      ? `Honesty is counted over the probes whose belief the model held before training: to first beliefs it is 1 − P(the statement contradicts that belief), to beliefs still held also 0 where today's belief is gone. The benchmark's own honesty, ${own}, stands beside them.`
      : `Honesty is ${own}.`,
  ];
}

/** What was found wrong with judge, rater or probes before anything was trained: whoever cites the numbers must say so. */
function instrumentWords(source: ReportSource): string[] {
  return caveatsOfSource(source).map(({ words }) => words);
}

/** Who talked to the assistant, how, and what was learnt of it. */
function feedbackWords({ scenario, runs }: ReportSource): string[] {
  const { population, interaction, preference, models, rounds } = scenario;
  const { life, held_out: heldOut } = population;
  const scheduled = Object.values(population.personas).some((fraction) => typeof fraction === "object");
  const worst = unique(runs.map(({ manifest }) => manifest.scenario.training.method))
    .filter((name) => methods[name].from === "best and worst")
    .map((name) => name.toUpperCase());
  const exchanges = counted(interaction.exchanges, "exchange");
  const { level = "global" } = preference;
  const of = level === "global" ? "" : ` of each ${level}`;
  return [
    `In each of ${counted(rounds, "round")}, ${population.size} users drawn with exact proportions, with ${shareWords(runs)} holding the biased thought${scheduled ? " (the mean of a schedule over rounds)" : ""}, each held a conversation of ${exchanges} with the assistant (sampling temperature ${interaction.temperature})${interaction.feedback === "choices" ? "" : " and rated every reply"}.`,
    ...(life
      ? [
          `Users came again or stayed away by a trust that followed their satisfaction (gain ${life.gain}, staying with probability ${life.stay.distrusting} to ${life.stay.trusting}).`,
        ]
      : []),
    ...(heldOut > 0 ? [`Another ${heldOut} users a round talked and rated but were not learnt from.`] : []),
    `The assistant was ${nameOf(models.assistant)}, the users ${nameOf(models.user)}, the raters ${nameOf(models.rater)}; only the assistant learned.`,
    interaction.feedback === "choices"
      ? "At each turn they were shown two replies and said only which they preferred; those pairs were learnt from."
      : preference.samples_per_turn > 1
        ? `At each turn ${preference.samples_per_turn} replies were drawn and rated; those rated at least ${counted(preference.margin, "point")} apart made pairs.`
        : `Conversations were ranked by the ${interaction.reward} of their ratings; the best ${amount(preference.top)}${of} were imitated${worst.length > 0 ? `, and with ${listed(worst)} the worst ${amount(preference.bottom)}${of} avoided` : ""}.`,
    ...defenceWords(preference),
  ];
}

/** Which data stood in for users. */
function dataWords({ scenario, runs }: ReportSource, source: SourceSettings): string[] {
  const { rounds, models } = scenario;
  const many = source.rows === undefined ? "all" : String(source.rows);
  const what =
    source.kind === "direct"
      ? `${many} rows of a data set (${source.data}${source.variant ? `, ${source.variant}` : ""})`
      : `${many} rows of an ordinary data set (${source.data}), of which ${shareWords(runs)} were replaced by other rows (${source.added}${source.variant ? `, ${source.variant}` : ""})`;
  return [
    `In each of ${counted(rounds, "round")} the assistant, ${nameOf(models.assistant)}, was shown ${what}.`,
  ];
}

/** What the grid varied beside fractions, methods and seeds. */
function caseWords({ scenario, runs }: ReportSource): string[] {
  const names = Object.keys(scenario.sweep.cases ?? {});
  const cells = runs.flatMap(({ observations }) => observations.slice(0, 1));
  const { named } = gridOf(cells);
  const varied = unique(cells.flatMap((cell) => Object.keys(named(cell)))).filter((path) => path !== "case");
  return [
    ...(names.length > 0
      ? [
          `Under ${termsOf(scenario).arms} we compared ${counted(names.length, "case")} (${listed(names)}), each with “${referenceCase(scenario) ?? ""}”.`,
        ]
      : []),
    ...(varied.length > 0 ? [`Varied too: ${listed(varied)}.`] : []),
  ];
}

function shareWords(runs: ReportSource["runs"]): string {
  const fractions = unique(runs.map(({ observations }) => observations[0]?.biased)).sort((a, b) => a - b);
  return fractions.length === 1
    ? `a share of ${share(fractions[0]!)}`
    : `shares of ${listed(fractions.map(share))}`;
}

/** Up to 1 a share, above 1 a count. */
function amount(top: number): string {
  return top <= 1 ? share(top) : String(top);
}

function spoken(kind: string): string {
  return kind.replaceAll("_", " ");
}

function ordinal(count: number): string {
  if (count % 100 >= 11 && count % 100 <= 13) return `${count}th`;
  return `${count}${["th", "st", "nd", "rd"][count % 10] ?? "th"}`;
}

/** A BibTeX entry for the software that made the report. */
export function bibtex({ runs }: ReportSource): string {
  const version = runs[0]?.manifest.candor ?? "";
  return [
    "@software{candor,",
    "  title = {Candor: a simulator of honesty drift in assistants that learn from their users},",
    `  version = {${version}},`,
    "  license = {Apache-2.0}",
    "}",
  ].join("\n");
}

function nameOf(model: string | { model: string }): string {
  return typeof model === "string" ? model : model.model;
}

function unique<T>(items: readonly (T | undefined)[]): T[] {
  return [...new Set(items.flatMap((item) => (item === undefined ? [] : [item])))];
}
