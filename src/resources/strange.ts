import { resolve } from "node:path";
import type { Suite } from "../evaluation/index.js";
import { group } from "../group.js";
import { listed } from "../listed.js";
import { type Said, type Strange, strangeToMinnow, strangeWords, twoPlans } from "../minnow/index.js";
import { placed } from "../mistakes.js";
import { counted } from "../numbers.js";
import { packageFile } from "../package-root.js";
import { liesIn, type Permissions } from "../permissions/index.js";
import type { Logs } from "../preference/index.js";
import { modelField, ofField, packFolder, rolesAsked, type Scenario } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import { besidePath } from "./named-file.js";
import { type Prompted, promptsOfPack, textsOfPack } from "./pack-texts.js";
import { languageOf } from "./probes.js";

/** The embedded model's language, as packs and providers name it. */
export const MINNOW = "minnow";

type Known = {
  pack: SituationPack;
  suites: readonly Suite[];
  canary: { suite: Suite } | null;
  within: Suite | null;
  logs: Logs | null;
};
type Origin = { scenarioPath: string; permissions: Permissions };

/** Roles of a talk; each reads a prompt of its own. */
const ROLES = ["assistant", "user", "rater"] as const;

/** What is looked at of logs: thousands of conversations say nothing new. */
const REPLIES = 2_000;

/**
 * What of the parts of somebody's own that a scenario names the embedded model can make nothing of, where it takes part: of a pack, of
 * probes, of logs. What ships for it is left out: a test looks at that.
 */
export async function strangeInScenario(
  scenario: Scenario,
  { pack, suites, canary, within, logs }: Known,
  { scenarioPath, permissions }: Origin,
): Promise<Strange> {
  const speaks = async (role: (typeof ROLES)[number]) => {
    const model = scenario.models[role];
    const at = modelField(scenarioPath, role, model);
    return (await ofField(at, () => languageOf(model, permissions))) === MINNOW;
  };
  const asked = rolesAsked(scenario);
  const roles: (typeof ROLES)[number][] = [];
  for (const role of ROLES) if (asked.includes(role) && (await speaks(role))) roles.push(role);
  const found: Strange[] = [];
  if (scenario.source === "interaction" && roles.length > 0)
    found.push(strangeInNamed(pack, scenario, roles, scenarioPath));
  if (roles.includes("assistant")) {
    const put = [...suites, ...(canary ? [canary.suite] : []), ...(within ? [within] : [])];
    // The same suite may also decide on checkpoints and be put within rounds, with fewer of its probes.
    const once = put.filter(({ name }, at) => put.findIndex((one) => one.name === name) === at);
    found.push(...once.filter(isOwn).map(strangeInSuite));
  }
  if (logs !== null && (await speaks("assistant"))) {
    const notes = strangeWords(
      logs.replies.slice(0, REPLIES).flatMap(({ messages }) => messages.map(({ content }) => content)),
      "the logs",
    );
    found.push({ notes, warnings: notes.map((what) => ({ what })) });
  }
  return {
    warnings: found.flatMap(({ warnings }) => warnings),
    notes: found.flatMap(({ notes }) => notes),
  };
}

const NOTHING: Strange = { warnings: [], notes: [] };

/** Once of each pack and suite: thousands of cells of a sweep have the same. */
const ofPacks = new WeakMap<SituationPack, Map<string, Strange>>();
const ofSuites = new WeakMap<Suite, Strange>();

/** Whether a pack's folder is the one that ships for the embedded model, with its own prompts: a test looks at that. */
export const isShippedPack = (folder: string, prompts: string | undefined): boolean =>
  prompts === undefined && resolve(folder) === packageFile("situations/minnow");

function strangeInNamed(
  pack: SituationPack,
  { situations, prompts }: Scenario,
  roles: readonly Prompted[],
  scenarioPath: string,
): Strange {
  const folder = packFolder(situations, scenarioPath);
  if (folder === null || isShippedPack(folder, prompts)) return NOTHING;
  const known = ofPacks.get(pack) ?? new Map<string, Strange>();
  ofPacks.set(pack, known);
  const own = prompts === undefined ? undefined : besidePath(prompts, scenarioPath);
  // A sweep over files of prompts has one pack and other prompts.
  const key = [...roles, own].join();
  const found = known.get(key) ?? strangeInPack(folder, `the pack ${situations}`, { roles, own });
  known.set(key, found);
  return found;
}

/** What the embedded model can make nothing of in a pack: its plans, its words, its sentences, its prompts. `own`: a file of prompts in place of its own. */
export function strangeInPack(
  folder: string,
  of: string,
  { roles = ROLES, own }: { roles?: readonly Prompted[]; own?: string | undefined } = {},
): Strange {
  const texts = textsOfPack(folder).map(({ text, part, situation, at }) => {
    // As the prompts of its language tell them.
    if (part === "opening") return { text, situation, at };
    const told = part === "background" ? `${text}.` : `the person wants ${text}.`;
    return { text, situation, at, told };
  });
  const { warnings, notes } = strangeToMinnow([...texts, ...promptsOfPack(folder, roles, own)], of);
  const twofold = [...group(texts, ({ situation }) => situation)].flatMap(([situation, said]) => {
    const two = twoPlans(said);
    return two === null ? [] : [{ situation, ...two }];
  });
  return {
    warnings: [
      ...warnings,
      ...twofold.map(({ situation, plans: [one, other], at, before }) => ({
        ...at?.(),
        what: `situation ${situation} speaks of two plans, "${other}" here and "${one}"${before ? ` (${placed(before())})` : ""}: its users say the one and want the other, and minnow answers to one of them; give all of a situation one plan`,
      })),
    ],
    notes: [
      ...notes,
      ...(twofold.length === 0
        ? []
        : [
            `${counted(twofold.length, "situation")} of ${of} ${twofold.length === 1 ? "speaks" : "speak"} of two plans at once (${listed(twofold.slice(0, 5).map(({ situation }) => situation))})`,
          ]),
    ],
  };
}

/** What the embedded model can make nothing of in what probes say. */
export function strangeInSuite(suite: Suite): Strange {
  const known = ofSuites.get(suite) ?? strangeToMinnow(saidBy(suite), `suite ${suite.name}`);
  ofSuites.set(suite, known);
  return known;
}

/** What probes say to the model, and what it reads or is weighed on besides. */
export const saidBy = ({ probes, places }: Pick<Suite, "probes" | "places">): Said[] =>
  probes.flatMap(({ id, texts, unsaid = [], besides = [], phrases = [] }) => {
    const place = places?.get(id);
    const at = place ? { at: () => place } : {};
    return [
      ...[...besides, ...texts.filter((text) => !unsaid.includes(text))].map((text) => ({ text, ...at })),
      ...phrases.map((text) => ({ text, phrase: true as const, ...at })),
    ];
  });

/** Whether probes are somebody's own, and not those that ship for the embedded model. */
export function isOwn({ reading }: Pick<Suite, "reading">): boolean {
  const shipped = packageFile("probes/minnow");
  return !reading?.files.every((file) => liesIn(resolve(file), [shipped]));
}
