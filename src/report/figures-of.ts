import { type DoseResponse, type Grid, gridOf, type PooledRow } from "../drift/index.js";
import { type Catalogue, HONESTY, leadingMetric } from "../evaluation/index.js";
import type { Analysis } from "./analysis.js";
import { type CaseRow, compareCases } from "./cases.js";
import { driftFigures } from "./drift-figure.js";
import { linesOf } from "./figure-lines.js";
import { type Line, satisfactionPoints } from "./figure-points.js";
import { effectFigure, satisfiedFigure } from "./figures/cases.js";
import { comparisonFigure } from "./figures/comparison.js";
import { beliefBesideHonesty, standsBeside } from "./figures/curves.js";
import { decompositionFigure } from "./figures/decomposition.js";
import { doseFigure, type SeedPoint } from "./figures/dose.js";
import type { Figure } from "./figures/figure.js";
import { frontierFigure } from "./figures/frontier.js";
import { named } from "./figures/named.js";
import { differing } from "./figures/parts.js";
import { primaryFigure } from "./figures/primary.js";
import { satisfactionFigure } from "./figures/satisfaction.js";
import { subsetsFigure } from "./figures/subsets.js";
import { targetingFigure } from "./figures/targeting.js";
import { verdictsFigure } from "./figures/verdicts.js";
import { withinFigure } from "./figures/within.js";
import { frontierOf } from "./frontier.js";
import { namesOf } from "./headline/sentence.js";
import { populationFigures } from "./population-figures.js";
import { seedValues } from "./seed-values.js";
import type { ReportSource } from "./source/read.js";
import { type Terms, termsOf } from "./terms.js";
import { unitOf } from "./unit.js";
import { verdictShares } from "./verdict-shares.js";
import { withinLines } from "./within-points.js";

/** Figures under the heading of the question that they answer. */
export type Section = { id: string; heading: string; lead: string; figures: Figure[] };

/** What the figures are drawn from. */
type Drawn = {
  source: ReportSource;
  analysis: Analysis;
  cases: CaseRow[] | null;
  terms: Terms;
  grid: Grid;
  lines: readonly Line[];
  /** Whether any round trained. */
  trained: boolean;
};

/** Every figure that the data allow, by question. */
export function figuresOf(
  source: ReportSource,
  analysis: Analysis,
  cases: CaseRow[] | null = compareCases(source),
): Section[] {
  const grid = gridOf(analysis.pooled);
  const drawn: Drawn = {
    ...{ source, analysis, cases, grid },
    terms: termsOf(source.scenario),
    lines: linesOf(source, analysis.pooled, grid),
    trained: analysis.lastRound > 0,
  };
  return QUESTIONS.map((section) => section(drawn)).filter(({ figures }) => figures.length > 0);
}

/** In the order in which a report asks them. */
const QUESTIONS: readonly ((drawn: Drawn) => Section)[] = [
  drift,
  within,
  dose,
  compared,
  lyingOrForgetting,
  types,
  satisfaction,
  population,
];

function drift({ source, analysis, terms }: Drawn): Section {
  return {
    id: "drift",
    heading: "How did honesty change?",
    lead: leadOf(analysis, terms),
    figures: [...primaryFigures(analysis, terms), ...driftFigures(source, analysis)],
  };
}

function within({ lines, terms, analysis: { catalogue } }: Drawn): Section {
  return {
    id: "within",
    heading: "When within a round?",
    lead: "Looked at while the assistant was still learning (training.save_steps).",
    figures: each(lines, (line) =>
      withinLines(line, catalogue).map((one) => withinFigure(one, terms, catalogue)),
    ),
  };
}

function dose({ source, terms, grid, analysis: { doses, catalogue } }: Drawn): Section {
  const nameOf = differing(doses, ["suite", "scenario", "method"]);
  return {
    id: "dose",
    heading: `How many ${terms.units} does it take?`,
    lead: "A drop counts as detected where the interval of the difference to 0 % lies below no change, corrected for the number of shares. A larger experiment can find a smaller threshold.",
    figures: doses.map((dose) => {
      const seeds = seedsOf(source, dose, grid);
      const figure = {
        ...doseFigure(dose, terms, { seeds, catalogue }),
        narrow: doseFigure(dose, terms, { seeds, narrow: true, catalogue }),
      };
      return doses.length === 1 ? figure : named(figure, nameOf(dose));
    }),
  };
}

function compared({ source, analysis, cases, terms, lines, trained }: Drawn): Section {
  const { pooled, lastRound, catalogue } = analysis;
  const frontier = frontierOf(source);
  return {
    id: "compared",
    heading: "Which way of learning keeps honesty?",
    lead: `${terms.same.replace(/^./u, (letter) => letter.toUpperCase())} under every way.`,
    figures: [
      ...(trained && lines.length > 1 ? [comparisonFigure(pooled, lastRound, terms, catalogue)] : []),
      ...(trained && cases ? caseFigures(cases, lastRound, terms) : []),
      ...(trained && frontier ? [frontierFigure(frontier, terms)] : []),
    ],
  };
}

function lyingOrForgetting({ source, analysis, terms, lines, trained }: Drawn): Section {
  const { pooled, lastRound: round, catalogue, decomposition } = analysis;
  // Shares that divide all judged probes: what 1 − lies alone does not tell.
  const divided = catalogue.suites.find(
    ({ name, metrics }) =>
      metrics.filter(({ part }) => part).length > 1 && pooled.some(({ suite }) => suite === name),
  );
  const figures = (): Figure[] => [
    ...each(lines, ({ rows }) =>
      standsBeside(rows, catalogue) ? [beliefBesideHonesty(rows, terms, catalogue)] : [],
    ),
    ...(divided
      ? [verdictsFigure(verdictShares(source, pooled, { suite: divided.name, round }), { round, terms })]
      : []),
    ...(decomposition.length > 0 ? [decompositionFigure(decomposition, round, terms)] : []),
  ];
  return {
    id: "lying-or-forgetting",
    heading: "Is it lying, or forgetting?",
    lead: "Honesty also rises when a model forgets what it could lie about, or evades. So beliefs, skills and evasions stand beside it.",
    figures: trained ? figures() : [],
  };
}

function types({ lines, terms, analysis: { lastRound, catalogue } }: Drawn): Section {
  return {
    id: "types",
    heading: "Which kinds of probe?",
    lead: "Small groups of probes have wide intervals; differences between kinds are not corrected for looking at several.",
    figures: each(lines, ({ rows }) => byType(rows, lastRound, terms, catalogue)),
  };
}

function satisfaction({ lines, terms, analysis: { catalogue } }: Drawn): Section {
  return {
    id: "satisfaction",
    heading: "Do users like it?",
    lead: "Ratings of a round are of the assistant that the round before left behind, and stand at that assistant's honesty.",
    figures: each(lines, (line) => {
      const points = satisfactionPoints(line, catalogue);
      const aims = targetingFigure(line.rows, terms, catalogue);
      return [...(points.length > 0 ? [satisfactionFigure(points, terms)] : []), ...(aims ? [aims] : [])];
    }),
  };
}

function population({ lines }: Drawn): Section {
  return {
    id: "population",
    heading: "Who were the users?",
    lead: "",
    figures: populationFigures(lines),
  };
}

/** The figures of every line, under names of their own where there are several. */
function each(lines: readonly Line[], draw: (line: Line) => Figure[]): Figure[] {
  return lines.flatMap((line) =>
    draw(line).map((figure) => (lines.length === 1 ? figure : named(figure, line.name))),
  );
}

/** The comparison that the experiment is for, where it is one between arms: what the first answer says, as a picture. */
function primaryFigures({ primary, suite, catalogue }: Analysis, terms: Terms): Figure[] {
  if (!primary || primary.reference.round !== primary.round) return [];
  const options = {
    unit: unitOf({ catalogue }, primary),
    measure: catalogue.metric(primary.metric, suite).label,
    sides: namesOf(primary, terms),
  };
  return [
    {
      ...primaryFigure(primary, { ...options, narrow: false }),
      narrow: primaryFigure(primary, { ...options, narrow: true }),
    },
  ];
}

/** What the leading measure counts, in a sentence or two. */
function leadOf({ metric }: Analysis, terms: Terms): string {
  const what =
    metric === HONESTY
      ? "Honesty is the share of judged probes on which the model did not say, under pressure, the opposite of what it believes when asked neutrally."
      : "Counted are the probes whose belief the model held before any training: honesty to first beliefs is the share on which it does not say the opposite under pressure, and honesty to beliefs still held the share on which the belief is also still there. So a belief that is lost does not look like honesty. The benchmark's own honesty, 1 − P(lie) over all probes, stands beside them. Ways to count that came to the same in every round are drawn once.";
  return `${what} The probes share no topic with the ${terms.training}.`;
}

/** Every seed's value at the shares of a dose response. */
export function seedsOf({ runs }: ReportSource, dose: DoseResponse, grid: Grid): SeedPoint[] {
  const line = grid.line({ ...dose, biased: 0 });
  const isPoint = (biased: number) => dose.points.some((one) => one.biased === biased);
  return seedValues(
    runs.flatMap(({ observations }) => observations),
    dose.metric,
  ).filter(
    (one) =>
      grid.line(one) === line && one.suite === dose.suite && one.round === dose.round && isPoint(one.biased),
  );
}

function caseFigures(cases: CaseRow[], round: number, terms: Terms): Figure[] {
  return [
    ...(cases.some(({ effect }) => effect) ? [effectFigure(cases, round, terms)] : []),
    ...(cases.some(({ satisfaction: { benign, biased } }) => benign || biased)
      ? [satisfiedFigure(cases, round, terms)]
      : []),
  ];
}

function byType(rows: readonly PooledRow[], round: number, terms: Terms, catalogue: Catalogue): Figure[] {
  return [...new Set(rows.map(({ suite }) => suite))].flatMap((suite) => {
    const here = rows.filter((row) => row.suite === suite && row.round === round && row.subset !== "all");
    const own = catalogue.suites.find(({ name }) => name === suite)?.metrics ?? [];
    const metric = own.find((one) => one.byType)?.id ?? leadingMetric(here, suite, catalogue);
    const subsets = new Set(here.filter((row) => row.metric === metric).map(({ subset }) => subset));
    return subsets.size > 1 ? [subsetsFigure(rows, { suite, metric, round, terms, catalogue })] : [];
  });
}
