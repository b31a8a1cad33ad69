import { InputError, mistaken } from "../errors.js";
import { findOverlaps, type Overlap, type Suite, WRITTEN } from "../evaluation/index.js";
import { openSource } from "../preference/index.js";
import { type PackText, type Resources, textsOfPack } from "../resources/index.js";
import { packFolder, type Scenario } from "../scenario/index.js";
import { knownRounds } from "./logged.js";
import { refuseOverlaps, textsOf, withoutStrays } from "./overlap.js";
import { probedBy } from "./probed.js";
import { type Named, namedProbes, repeats } from "./repeated.js";

type Probed = Pick<Resources, "suites" | "canary" | "within">;
type Known = Probed &
  Pick<Resources, "pack" | "personas" | "source" | "neutral" | "safe" | "logs" | "stages">;

/** Overlaps that are told; those of a pack and a suite made from one list are hundreds. */
const SHOWN = 5;

/**
 * Throws a UserError where what is to be learnt from says what the evaluation asks, of all that is known before anything is played: what
 * users begin with, rows of data files, and feedback of real users. What models say is looked at when rows are made of it.
 */
export async function refuseKnownOverlaps(
  scenario: Scenario,
  known: Known,
  scenarioPath: string,
): Promise<void> {
  requireTexts(probedBy(known));
  if (scenario.source === "interaction") refuseOpenings(scenario, known, scenarioPath);
  else refuseRows(scenario, known);
  await refuseLogs(scenario, known);
  for (const file of [known.neutral, known.safe])
    if (file && meet(known, file.rows, () => file.rows.map(textsOf)).length > 0)
      refuseOverlaps(known, file.rows, file.file);
}

/** The suites of which a probe stands in texts, which are those of `of`: looked for once, as thousands of cells of a sweep have the same. */
function meet(known: Probed, of: object, texts: () => string[][], lengths?: typeof WRITTEN): Suite[] {
  const before = looked.get(of) ?? new WeakMap<Suite, boolean>();
  looked.set(of, before);
  const suites = probedBy(known);
  const unknown = suites.filter((suite) => !before.has(suite));
  const all = unknown.length > 0 ? texts() : [];
  for (const suite of unknown) before.set(suite, findOverlaps(suite.probes, all, lengths).length > 0);
  return suites.filter((suite) => before.get(suite));
}

const looked = new WeakMap<object, WeakMap<Suite, boolean>>();

/** A module may leave out what it says to the model: then nobody can tell whether it is learnt. */
function requireTexts(suites: readonly Suite[]): void {
  for (const { name, probes } of suites) {
    const mute = probes.find(({ texts }) => !Array.isArray(texts));
    if (mute)
      throw mistaken({
        what: `suite ${name}, probe ${mute.id}: texts is missing: what it says to the model, so that no training row holds it`,
      });
  }
}

function refuseOpenings(scenario: Scenario, known: Known, scenarioPath: string): void {
  const { pack, personas } = known;
  const suites = meet(
    known,
    pack,
    () =>
      pack.situations.flatMap(({ users }) =>
        users.flatMap(({ openings }) => [...openings.benign, ...openings.biased].map((text) => [text])),
      ),
    WRITTEN,
  );
  const folder = packFolder(scenario.situations, scenarioPath);
  if (suites.length === 0 || folder === null) return;
  const thoughts = new Set(Object.values(personas).map(({ thought }) => thought));
  const openings = textsOfPack(folder).filter(
    ({ thought }) => thought !== undefined && thoughts.has(thought),
  );
  const overlaps = findOverlaps(
    namedProbes(suites),
    openings.map(({ text }) => [text]),
    WRITTEN,
  );
  if (overlaps.length > 0) throw complaint(overlaps, openings);
}

function complaint(overlaps: readonly Overlap<Named>[], openings: readonly PackText[]): InputError {
  const mistakes = overlaps.slice(0, SHOWN).map((overlap) => ({
    ...openings[overlap.row]!.at(),
    what: `this opening ${repeats(overlap)}; a model that learns from its talk has seen the test, so say one of them in other words`,
  }));
  const more = overlaps.length - mistakes.length;
  return new InputError(mistakes, more > 0 ? [{ count: more, file: mistakes[0]!.file }] : []);
}

/**
 * Rows of data files, where no stage stands between them and the training. Which rows a round draws is asked of those files alone that
 * hold a probe.
 */
function refuseRows({ source: settings, training, seed, rounds, preference }: Scenario, known: Known): void {
  const { source } = known;
  if (settings === "interaction" || settings.kind === "logs" || !source) return;
  if (preference.defences.length > 0) return;
  const held = [source.data, ...(source.added ? [source.added] : [])];
  if (held.every((file) => meet(known, file.rows, () => file.rows.map(textsOf)).length === 0)) return;
  const { files, rows } = openSource(settings, source, { method: training.method, seed: String(seed) });
  for (let round = 1; round <= rounds; round += 1) refuseOverlaps(known, rows(round).rows, files.join(", "));
}

/** Feedback of real users, of which a round learns what selection and stages leave; where one asks a model, that is known later. */
async function refuseLogs(scenario: Scenario, known: Known): Promise<void> {
  const { logs } = known;
  if (!logs) return;
  const texts = (): string[][] =>
    logs.replies.map(({ messages, edited }) => [
      ...messages.flatMap(({ role, content }) => (role === "system" ? [] : [content])),
      ...(edited === undefined ? [] : [edited]),
    ]);
  if (meet(known, logs, texts).length === 0) return;
  const files = logs.reading.files.join(", ");
  for (const { round, talks, rows } of (await knownRounds(scenario, known)) ?? [])
    withoutStrays(known, rows, {
      talks,
      from: `round ${round} of ${files}`,
      brought: `those that stages brought into round ${round}`,
    });
}
