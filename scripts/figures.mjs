// @ts-check
// node scripts/figures.mjs    draws the figures of docs/ whose runs are not kept, wide and for a phone, from docs/evidence/figures.csv (means
//                             and 95 % intervals; percent, points or counts), docs/evidence/family.csv and docs/evidence/populations.csv (rows of runs).
// Needs what npm run build has made. A figure whose runs are at hand is drawn by `candor report` and copied.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { meanOverSeeds } from "../dist/drift/index.js";
import { group } from "../dist/group.js";
import { effectFigure, satisfiedFigure } from "../dist/report/figures/cases.js";
import { comparisonFigure } from "../dist/report/figures/comparison.js";
import { doseFigure, narrowed, runsFigure, writeFigure } from "../dist/report/figures/index.js";
import { wrapped } from "../dist/report/figures/parts.js";
import { populationFigure } from "../dist/report/figures/population.js";
import { termsOf } from "../dist/report/index.js";

/** @typedef {{ figure: string, panel: string, name: string, round: number, value: number, low: number, high: number }} Row */
/** @typedef {import("../dist/report/index.js").Figure} Figure */

const docs = fileURLToPath(new URL("../docs", import.meta.url));
const talks = termsOf({ source: "interaction" });
const rows = table("figures.csv").map(({ figure = "", panel = "", name = "", round, value, low, high }) => ({
  ...{
    figure,
    panel,
    name,
    round: Number(round),
    value: Number(value),
    low: Number(low),
    high: Number(high),
  },
}));
/** @param {string} figure */
const of = (figure) => rows.filter((row) => row.figure === figure);

/** What figures ask of a cell and of a case beyond what is drawn. */
const CELL = {
  scenario: "",
  axes: {},
  method: "sft",
  biased: 0,
  round: 1,
  suite: "mask",
  subset: "all",
  metric: "honesty_to_first",
  seeds: 8,
  n: 96,
};
const CASE = /** @type {any} */ ({ method: "sft", biased: 0, effect: {}, satisfaction: {} });

/** @typedef {{ words: string, source: "interaction" | "mixture", round: number, metric: string, detected: boolean }} Dose */
/** @type {Record<string, Dose>} */
const DOSES = {
  dose: {
    words: "With 5 % biased users a drop is detected, and at every larger share.",
    source: "interaction",
    round: 4,
    metric: "honesty_to_first",
    detected: true,
  },
  "mixture-dose-response": {
    words: "With 1 % a drop is detected, and at every larger share.",
    source: "mixture",
    round: 1,
    metric: "honesty_to_first",
    detected: true,
  },
  "real-mixture": {
    words: "No drop against 0 % was detected at any share.",
    source: "mixture",
    round: 1,
    metric: "honesty",
    detected: false,
  },
};

/** What each scenario's cases are compared with, and the share of biased users. @type {[string, string, number][]} */
const EFFECTS = [
  ["coalition", "nobody", 4],
  ["scale-use", "as they come", 4],
  ["short-talks", "all talk", 4],
  ["side-by-side", "sft", 4],
  ["sparse-feedback", "all rate", 4],
];
for (const [name, first, round] of EFFECTS) await both(name, effects(of(name), first, round));

for (const [name, rounds] of /** @type {const} */ ([
  ["life", 6],
  ["noisy-ratings", 4],
  ["schedules", 6],
]))
  await both(name, cases(name, rounds, false), cases(name, rounds, true));
await both("real-gpu", curves("real-gpu", 3, false), curves("real-gpu", 3, true));

for (const name of ["life-users"])
  await both(
    name,
    populationFigure(
      of(name).map(({ panel, name: persona, round, value }) => ({
        ...{ biased: 0, cell: panel, persona, round, users: value },
      })),
    ),
  );
await both("defences-satisfaction", satisfied());
await both("direct-comparison", direct());
for (const name of ["mixture-dose-response", "real-mixture", "dose"])
  await both(name, dose(name, false), dose(name, true));
await both("family-blocks", blocks());

/** @param {string} file @returns {Record<string, string>[]} */
function table(file) {
  return parse(readFileSync(`${docs}/evidence/${file}`, "utf8"), { columns: true });
}

/** @param {string} name @param {Figure} wide @param {Figure} narrow */
async function both(name, wide, narrow = narrowed(wide)) {
  await writeFigure({ ...wide, name }, `${docs}/figures/${name}.svg`);
  await writeFigure({ ...narrow, name: `${name}-narrow` }, `${docs}/figures/${name}-narrow.svg`);
}

/**
 * The difference of each case to the first one, in points.
 * @param {Row[]} shown @param {string} first @param {number} round
 * @returns {Figure}
 */
function effects(shown, first, round) {
  const cases = shown.map(({ panel, name, value, low, high }) => ({
    ...CASE,
    case: name.replace(/ \((?:sft|kto)\)$/u, ""),
    biased: Number.parseFloat(panel) / 100,
    reference: { case: first, biased: Number.parseFloat(panel) / 100 },
    effect: { ...CASE.effect, value: value / 100, low: low / 100, high: high / 100 },
  }));
  return effectFigure([{ ...CASE, case: first, effect: null }, ...cases], round, talks);
}

/** Means by round with an interval at the end; single seeds were not kept. @param {string} name @param {number} rounds @param {boolean} narrow */
function curves(name, rounds, narrow) {
  const points = of(name).map(({ panel, name: line, round, value, low, high }) => ({
    ...{ line, panel, round, value: value / 100, low: low / 100, high: high / 100 },
  }));
  const subtitle =
    "Means over seeds. The bars at the end are the 95 % intervals of the last round, over seeds and probes.";
  const measure = new Set(points.map(({ panel }) => panel)).size > 1 ? "Share of probes" : "Honesty";
  const scale = points.every(({ line }) => line.endsWith("% biased users"));
  const title = "Honesty by round";
  return runsFigure(points, [], { name, title, subtitle, measure, rounds, scale, narrow });
}

/** Each case of a scenario of populations: a thin line for every minnow, and their mean. @param {string} name @param {number} rounds @param {boolean} narrow */
function cases(name, rounds, narrow) {
  const runs = table("populations.csv")
    .filter(({ scenario }) => scenario === name)
    .map(({ case: line = "", seed = "", round, honesty_to_first }) => ({
      ...{ line, panel: "", run: `${line} ${seed}`, round: Number(round), value: Number(honesty_to_first) },
    }));
  const points = [...group(runs, ({ line, round }) => `${line} ${round}`).values()].flatMap((found) => {
    const [first] = found;
    if (!first) return [];
    const { line, panel, round } = first;
    const { value, low, high } = meanOverSeeds(found.map((run) => run.value));
    return [{ line, panel, round, value, low: Number(low), high: Number(high) }];
  });
  const title = "Honesty to first beliefs by round, in each case";
  const subtitle =
    "Thin lines are minnows, thick ones their mean; the bars at the end are 95 % t intervals of the last round over eight minnows.";
  return runsFigure(points, runs, {
    name,
    title,
    subtitle,
    measure: "Honesty to first beliefs",
    rounds,
    scale: false,
    narrow,
  });
}

function satisfied() {
  const cases = new Map();
  for (const { panel, name, value } of of("defences-satisfaction")) {
    const [, own, wants] = /^(.*): (benign|biased)$/u.exec(name) ?? [];
    const key = `${panel} ${own}`;
    const row = cases.get(key) ?? {
      ...CASE,
      case: own,
      biased: Number.parseFloat(panel) / 100,
      satisfaction: {},
    };
    row.satisfaction[wants ?? ""] = { rating: { value, low: null, high: null, seeds: 8 }, kept: null };
    cases.set(key, row);
  }
  return satisfiedFigure([...cases.values()], 3, talks);
}

function direct() {
  const shown = of("direct-comparison").map(({ name, value, low, high }) => {
    const [domain, variant] = name.split(", ");
    const scenario = `${domain}, ${variant}`;
    return {
      ...CELL,
      scenario,
      biased: variant === "normal" ? 0 : 1,
      value: value / 100,
      low: low / 100,
      high: high / 100,
    };
  });
  return comparisonFigure(shown, 1, termsOf(/** @type {any} */ ({ source: { kind: "direct" } })));
}

/** @param {string} name @param {boolean} narrow */
function dose(name, narrow) {
  const { words, source, round, metric, detected } = /** @type {Dose} */ (DOSES[name]);
  const points = of(name).map(({ name: share, value, low, high }) => ({
    ...{
      biased: Number.parseFloat(share) / 100,
      value: value / 100,
      low: low / 100,
      high: high / 100,
      seeds: 8,
      n: 0,
    },
    change: Number.parseFloat(share) > 0 && detected ? /** @type {any} */ ({ detected }) : undefined,
  }));
  const figure = doseFigure(
    { ...CELL, round, metric, points, threshold: null },
    termsOf(/** @type {any} */ ({ source: { kind: source } })),
    { narrow },
  );
  const title = {
    .../** @type {any} */ (figure.spec).title,
    subtitle: wrapped(
      `${words} Each is the mean with its 95 % interval${detected ? ", orange where a drop was detected" : ""}.`,
      narrow ? 50 : 92,
    ),
  };
  return {
    ...figure,
    description: figure.description.replace(/^.*? with\. ?/u, `${words} `),
    spec: { ...figure.spec, title },
  };
}

/** Every block of eight seeds of docs/plans/family.md, with the minnows that ship and with those of coupling 0. @returns {Figure} */
function blocks() {
  const runs = new Map(
    table("family.csv").map((run) => [
      `${run.minnows} ${run.seed} ${Number(run.biased)}`,
      Number(run.honesty_to_first),
    ]),
  );
  const shown = ["family", "control"].flatMap((minnows) =>
    [...Array(10).keys()].flatMap((block) => {
      const seeds = [...Array(8).keys()].map((at) => 101 + 8 * block + at);
      const pairs = seeds.map((seed) => [
        runs.get(`${minnows} ${seed} 0.5`),
        runs.get(`${minnows} ${seed} 0`),
      ]);
      if (pairs.some((pair) => pair.includes(undefined))) return [];
      const { value, low, high } = meanOverSeeds(
        pairs.map(([one, none]) => 100 * (Number(one) - Number(none))),
      );
      const name = `${minnows === "family" ? "shipped" : "coupling 0"}, ${seeds[0]} to ${seeds.at(-1)}`;
      return [
        {
          figure: "",
          panel: "50 %",
          name,
          round: 4,
          value,
          low: Number(low),
          high: Number(high),
        },
      ];
    }),
  );
  const figure = effects(shown, "none", 4);
  const title = "50 % biased users against none, block by block";
  const text =
    "Difference of honesty to first beliefs after round 4, mean of eight seeds with its 95 % t interval. Left of the line is less honest.";
  return { ...figure, title, spec: { ...figure.spec, title: { text: title, subtitle: wrapped(text, 84) } } };
}
