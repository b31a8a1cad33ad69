import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Complaints, complaints } from "../complaints.js";
import { group } from "../group.js";
import { listed } from "../listed.js";
import { speaksToMinnow } from "../minnow/index.js";
import { type Mistake, mistakeInWords } from "../mistakes.js";
import { modelPath, readPrices } from "../models/index.js";
import { counted } from "../numbers.js";
import { NOTHING } from "../permissions/index.js";
import { allocate, personaSchema, resolveRest } from "../population/index.js";
import { makeModuleDefence, readingSentence } from "../preference/index.js";
import {
  copiesIn,
  isOwn,
  loadOnce,
  MINNOW,
  readPack,
  readPersona,
  readSituations,
  requireMeasured,
  strangeInPack,
  strangeInScenario,
} from "../resources/index.js";
import {
  expandSweep,
  fractionsAt,
  idleSettings,
  rolesAsked,
  type Scenario,
  scenarioSchema,
  tidy,
} from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { tryOut } from "../simulation/index.js";
import { packSchema, promptsFileSchema, type SituationPack, situationSchema } from "../situation/index.js";
import { readChecked } from "../yaml/index.js";
import { fieldsOf, shareKnown } from "./look.js";
import { repliesToPack, withModel } from "./replies.js";
import { repliesToScenario, type Tried } from "./try-scenario.js";
import { tryStage } from "./try-stage.js";
import type { CheckContext, FileKind, Found, Look } from "./types.js";

const yaml = (look: Look, known: readonly string[]): number =>
  look.form === "yaml" ? shareKnown(look.value, known) : 0;

export const scenario: FileKind = {
  name: "scenario",
  is: "a scenario",
  use: "candor run and candor sweep take it",
  likeness: (look) => yaml(look, Object.keys(scenarioSchema.shape)),
  check: checkScenario,
};

/** Everything that a run or a sweep would look at before it begins, of every cell of the grid. */
async function checkScenario(path: string, context: CheckContext): Promise<Found> {
  const { permissions, signal, set } = context;
  const { loadGrid, unreached } = await import("../sweep/index.js");
  const loaded = loadGrid(path, { set }, permissions);
  const cells = expandSweep(loaded.scenario);
  const origin = { scenarioPath: loaded.path, permissions };
  const load = loadOnce();
  const wrong = complaints();
  const told = new Set<string>();
  const strange = new Map<string, Mistake>();
  const read = new Set<string>();
  const tried: Tried[] = [];
  for (const cell of cells) {
    signal?.throwIfAborted();
    try {
      const resources = await tryOut(cell.scenario, { ...origin, load });
      tried.push({ scenario: cell.scenario, resources });
      if (resources.logs) {
        const { files } = resources.logs.reading;
        read.add(`${listed([...files])}: ${readingSentence(resources.logs.reading)}`);
      }
      const { warnings } = await strangeInScenario(cell.scenario, resources, origin);
      const copies = resources.suites.filter(isOwn).flatMap(copiesIn);
      for (const one of [...warnings, ...copies]) strange.set(mistakeInWords(one), one);
    } catch (error) {
      const { message } = error as Error;
      if (told.has(message)) continue;
      told.add(message);
      wrong.keep(error);
    }
  }
  // Any cell may measure what is declared of all; of one that cannot be read nobody knows what it measures.
  if (tried.length === cells.length)
    wrong.attempt(() =>
      requireMeasured(
        loaded.scenario,
        tried.flatMap(({ resources }) => resources.suites),
        loaded.path,
      ),
    );
  await tryStagesOf(tried, wrong, signal);
  wrong.end(path);
  const { name, rounds } = loaded.scenario;
  const said = `scenario "${name}": ${counted(rounds, "round")}; a sweep plays ${counted(cells.length, "run")}`;
  const scenarios = cells.map(({ scenario }) => scenario);
  const slips = [...absentModels(scenarios), ...absentUsers(scenarios)].map((what) => ({ file: path, what }));
  const idle = idleSettings(loaded.scenario, loaded.path);
  const replies = await repliesToScenario(tried, origin, context);
  for (const one of replies.warnings) strange.set(mistakeInWords(one), one);
  return {
    says: [said, ...read, ...replies.says].join("; "),
    warnings: [
      ...unreached(set, loaded.scenario).map((what) => ({ what })),
      ...slips,
      ...idle,
      ...strange.values(),
    ],
    replies: replies.replies,
  };
}

/** Lets made-up conversations through each module of a stage: once for the same file and options. */
async function tryStagesOf(
  tried: readonly Tried[],
  wrong: Complaints,
  signal: AbortSignal | undefined,
): Promise<void> {
  const files = tried.flatMap(({ resources }) =>
    resources.stages.flatMap((file) => (file && "module" in file ? [file] : [])),
  );
  for (const [, [file]] of group(files, ({ where, options }) => JSON.stringify([where, options])))
    try {
      const defence = await makeModuleDefence(file!.module, file!.options, file!.where);
      await tryStage(defence, file!.where, signal).finally(() => defence.release?.());
    } catch (error) {
      signal?.throwIfAborted();
      wrong.keep(error);
    }
}

/** Shares of so few users that nobody is of them in any round. Where users have lives, who comes again hangs on the talks. */
function absentUsers(scenarios: readonly Scenario[]): string[] {
  const told = new Map<string, string[]>();
  for (const { source, rounds, population } of scenarios) {
    const { size, personas, life } = population;
    const key = JSON.stringify([size, personas, rounds]);
    if (source !== "interaction" || life || told.has(key)) continue;
    const drawn = Array.from({ length: rounds }, (_, at) => {
      const fractions = resolveRest(fractionsAt(personas, at + 1));
      return { fractions, counts: allocate(size, fractions) };
    });
    const absent = Object.keys(personas).filter(
      (name) =>
        drawn.some(({ fractions }) => fractions[name]! > 0) &&
        drawn.every(({ counts }) => counts[name] === 0),
    );
    told.set(
      key,
      absent.map((name) => {
        const share = Math.max(...drawn.map(({ fractions }) => fractions[name]!));
        return `no user is ${name}: ${tidy(100 * share)} % of ${counted(size, "user")} is less than one`;
      }),
    );
  }
  return [...new Set([...told.values()].flat())];
}

/** Folders of models that are named for roles which nobody asks: a run needs none of them, and yet they may be a slip. */
function absentModels(scenarios: readonly Scenario[]): string[] {
  const roles = ["assistant", "user", "rater", "judge"] as const;
  return roles.flatMap((role) => {
    if (scenarios.some((one) => rolesAsked(one).includes(role))) return [];
    const paths = scenarios.map(({ models }) => modelPath(models[role]));
    const absent = [...new Set(paths)].filter((one) => one !== null && !existsSync(one));
    return absent.map((one) => `nobody asks models.${role}, and ${shownPath(one!)} is not there`);
  });
}

const persona: FileKind = {
  name: "persona",
  is: "a persona",
  use: "a scenario names it in population.personas",
  likeness: (look) => yaml(look, Object.keys(personaSchema.shape)),
  check: (path) => {
    const { name, thought } = readPersona(path);
    return `persona "${name}", who holds the ${thought} thought`;
  },
};

const pack: FileKind = {
  name: "pack",
  is: "a situation pack",
  use: "a scenario names its folder in situations",
  likeness: ({ path, form, value }) => {
    if (form === "folder") return existsSync(join(path, "pack.yaml")) ? 1 : 0;
    if (form !== "yaml") return 0;
    return basename(path) === "pack.yaml" ? 1 : shareKnown(value, Object.keys(packSchema.shape));
  },
  check: async (path, { signal }) => {
    const folder = existsSync(join(path, "pack.yaml")) ? path : dirname(path);
    const read = readPack(folder);
    const users = read.situations.reduce((sum, one) => sum + one.users.length, 0);
    const counts = `${counted(read.situations.length, "situation")}, ${counted(users, "user")}`;
    const says = `pack "${basename(resolve(folder))}": ${counts}`;
    if (!isForMinnow(read, folder)) return says;
    return {
      says,
      warnings: strangeInPack(folder, "it").warnings,
      replies: await withModel("minnow", { permissions: NOTHING, signal }, (asked) =>
        repliesToPack(read, asked),
      ),
    };
  },
};

/** Whether a pack is for the embedded model: it says so, or, where it says nothing, its prompts do. */
const isForMinnow = ({ language }: SituationPack, folder: string): boolean =>
  language === MINNOW ||
  (language === undefined && speaksToMinnow([readFileSync(join(folder, "pack.yaml"), "utf8")]));

const situations: FileKind = {
  name: "situations",
  is: "situations of a pack",
  use: "a scenario names the folder that they lie in, with its pack.yaml, in situations",
  likeness: ({ form, value }) => {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return form === "yaml" ? shareKnown(first, Object.keys(situationSchema.shape)) : 0;
  },
  check: (path) => {
    const all = readSituations(path);
    return `${counted(all.length, "situation")}: ${all.map(({ id }) => id).join(", ")}`;
  },
};

const prompts: FileKind = {
  name: "prompts",
  is: "prompts",
  use: "a scenario names it in prompts",
  likeness: (look) => yaml(look, Object.keys(promptsFileSchema.shape)),
  check: (path) => `prompts of ${fieldsOf(readChecked(promptsFileSchema, path)).join(", ")}`,
};

const prices: FileKind = {
  name: "prices",
  is: "prices of models",
  use: "a scenario names it in budget.prices",
  likeness: ({ form, value }) => {
    if (form !== "yaml") return 0;
    const entries = Object.values((value ?? {}) as Record<string, unknown>);
    return Math.max(0, ...entries.map((one) => shareKnown(one, ["input", "output"])));
  },
  check: (path) => `prices of ${counted(Object.keys(readPrices(path)).length, "model")}`,
};

export const yamlKinds: readonly FileKind[] = [scenario, persona, pack, situations, prompts, prices];
