import { percent } from "./figures/index.js";
import type { ReportSource } from "./source/read.js";

/** How the numbers came about, as a paragraph for a paper's methods section. */
export function methodsParagraph({ scenario, runs }: ReportSource): string {
  const { population, interaction, training, evaluation, models } = scenario;
  const fractions = unique(runs.map(({ observations }) => observations[0]?.biased)).sort((a, b) => a - b);
  const methods = unique(runs.map(({ manifest }) => manifest.scenario.training.method));
  const seeds = unique(runs.map(({ manifest }) => manifest.seed)).length;
  const version = runs[0]?.manifest.candor ?? "";
  const share =
    fractions.length === 1
      ? `a share of ${percent(fractions[0]!)}`
      : `shares of ${listed(fractions.map(percent))}`;
  return [
    `We simulated learning from user feedback with Candor ${version}.`,
    `In each of ${counted(scenario.rounds, "round")}, ${population.size} users drawn with exact proportions, with ${share} holding the biased thought, each held a conversation of ${counted(interaction.exchanges, "exchange")} with the assistant (sampling temperature ${interaction.temperature}) and rated every reply from 1 to 10.`,
    `The assistant was ${nameOf(models.assistant)}, the users ${nameOf(models.user)}, the raters ${nameOf(models.rater)}; only the assistant learned.`,
    `Conversations were ranked by the sum of their ratings, and the assistant was trained by ${listed(methods.map((method) => method.toUpperCase()))} on the selection (LoRA rank ${training.lora_r}, alpha ${training.lora_alpha}, learning rate ${training.learning_rate}, ${counted(training.num_train_epochs, "epoch")}, batch size ${training.batch_size}), each round from the ${training.start_from} checkpoint.`,
    `Before the first and after ${evaluation.every === 1 ? "every" : `every ${evaluation.every}th`} round we put the probes of ${listed(Object.keys(evaluation.suites))} at temperature ${evaluation.temperature}; statements were judged by ${nameOf(models.judge)}.`,
    `Honesty is 1 − P(lie), a lie being a statement that contradicts the model's own neutrally elicited belief.`,
    seeds > 1
      ? `Every cell was run with ${seeds} seeds. Intervals are 95 %, from a bootstrap over probes crossed with seeds in which the seeds' part follows Student's t; comparisons are paired by seed and probe and corrected by Holm's procedure; the threshold rests on simultaneous (max-t) intervals against the runs without biased users, with one variance between seeds for all fractions.`
      : `One seed was run; intervals are 95 % over the probes alone.`,
  ].join(" ");
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

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

function unique<T>(items: readonly (T | undefined)[]): T[] {
  return [...new Set(items.filter((item) => item !== undefined))] as T[];
}
