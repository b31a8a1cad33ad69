import { expect, test } from "vitest";
import type { MethodName } from "../../src/methods/index.js";
import { methods } from "../../src/methods/index.js";
import {
  type Candidate,
  type Defence,
  kindOfRows,
  makeDefences,
  type PreferenceData,
  type Row,
} from "../../src/preference/index.js";
import { stageOf } from "../../src/preference/stages/index.js";
import type { DefenceSettings } from "../../src/scenario/index.js";
import { context, type Kept, screened } from "./stage.js";
import { dataOf, round, type StageWorld, stageWorld, talksOf } from "./stage-world.js";
import { shapeOf } from "./talks.js";

/** A method for each kind of rows. */
const METHODS = ["sft", "kto", "dpo"] as const satisfies readonly MethodName[];

/** What every stage is held to, whatever it looks at. `settings` are a scenario's; `module` is what theirs exports, where they name one. */
export function stageContract(settings: DefenceSettings, module?: unknown): void {
  const kind = stageOf(settings.kind);
  const open = async (signal?: AbortSignal): Promise<{ stage: Defence | null; world: StageWorld }> => {
    const world = stageWorld(settings, { module, signal });
    const [stage = null] = await makeDefences([settings], world.tools);
    return { stage, world };
  };
  const learnable = METHODS.filter((method) => kind.pairs || methods[method].rows !== "pair");

  test("reads its own settings, describes each, and refuses a field that it does not know", () => {
    const { description, ...fields } = describe(kind.schema);
    expect(description).toMatch(/\.$/u);
    for (const field of Object.values(fields)) expect(field).toMatch(/\S/u);
    expect(kind.schema.safeParse(settings).success).toBe(true);
    expect(kind.schema.safeParse({ ...settings, unheard: 1 }).success).toBe(false);
    expect(kind.schema.safeParse({ ...settings, kind: "another" }).success).toBe(false);
  });

  test("acts on conversations or rows as it says, or looks at checkpoints", async () => {
    const { stage } = await open();
    expect(stage === null).toBe(kind.canary !== undefined);
    if (!stage) return;
    // What goes by ratings is refused for data files, so it may do without rows; what does not has to work on them.
    expect(typeof (kind.rated ? stage.screen : stage.amend)).toBe("function");
    if (!("path" in settings)) expect(stage.kind).toBe(settings.kind);
  });

  test("keeps conversations back or ranks them anew, makes none up and changes nothing that was said", async () => {
    const { stage } = await open();
    if (!stage?.screen) return;
    const talks = frozen(talksOf());
    const left = await screened(stage, talks, round);
    const known = new Map(talks.map((talk) => [talk.id, talk]));
    expect(new Set(left.map(({ id }) => id)).size).toBe(left.length);
    for (const one of left) expect(said(one)).toEqual(said(known.get(one.id)!));
    for (const { reward } of left) expect(reward === null || Number.isFinite(reward)).toBe(true);
  });

  test("does the same to the same round again, whatever the order of its conversations", async () => {
    const once = async (talks: readonly Candidate[]) => {
      const { stage } = await open();
      if (!stage?.screen) return [];
      const left = await screened(stage, talks, round);
      return left.map(({ id, reward }) => [id, reward]).sort();
    };
    const first = await once(talksOf());
    expect(await once(talksOf())).toEqual(first);
    expect(await once(talksOf().toReversed())).toEqual(first);
  });

  test.for(learnable)("leaves rows that %s can learn from, each with where it comes from", async (method) => {
    const { stage } = await open();
    if (!stage?.amend) return;
    const before = frozen(dataOf(method));
    const known = new Set(before.rows.map(placeOf));
    for (const source of kind.rated ? (["talks"] as const) : (["talks", "files"] as const)) {
      const after = await stage.amend(before, context({ ...round, method, source }));
      expect(after.method).toBe(method);
      for (const row of after.rows) expect(shapeOf(row)).toBe(kindOfRows(before).kind);
      for (const row of after.rows) expect(known.has(placeOf(row)) || row.source.replayed).toBe(true);
      if (stage.rewrites) expectRewritten(before, after);
    }
  });

  test("teaches nothing where nothing was taught", async () => {
    const { stage } = await open();
    for (const method of learnable) {
      const empty = await stage?.amend?.({ method, rows: [] }, context({ ...round, method }));
      expect(empty?.rows ?? []).toEqual([]);
    }
    expect((await stage?.screen?.([], context(round))) ?? []).toEqual([]);
  });

  test("asks nobody again after an interruption", async () => {
    const { stage } = await open();
    if (!stage?.screen) return;
    const kept: Kept = { values: [] };
    const first = await screened(stage, talksOf(), round, kept);
    const { stage: again, world: later } = await open();
    expect(await screened(again!, talksOf(), round, kept)).toEqual(first);
    expect(later.asked()).toBe(0);
  });

  test("makes nothing of an interruption", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const { stage, world } = await open(signal);
    if (!stage?.screen) return;
    const screening = screened(stage, talksOf(), { ...round, signal });
    const outcome = screening.then(
      () => "screened",
      (error: Error) => error.message,
    );
    // What asks nobody is done before it could be stopped.
    expect(["screened", "enough"]).toContain(await outcome);
    if (world.asked() > 0) expect(await outcome).toBe("enough");
  });

  test("gives a mark for a mark, where it changes marks while a method draws replies", async () => {
    const { stage } = await open();
    if (!stage?.remark) return;
    const { messages } = talksOf()[0]!;
    expect(Number.isFinite(await stage.remark(messages, 5, { seed: "s" }))).toBe(true);
  });

  test("can be released twice", async () => {
    const { stage } = await open();
    await stage?.release?.();
    await stage?.release?.();
  });
}

/** Rewritten rows: as many, each teaching what it taught. */
function expectRewritten(before: PreferenceData, after: PreferenceData): void {
  const taught = (data: PreferenceData) =>
    (data.rows as readonly Row[]).map(({ prompt: _prompt, ...rest }) => JSON.stringify(rest)).sort();
  expect(taught(after)).toEqual(taught(before));
  for (const { prompt } of after.rows) expect(prompt.at(-1)!.role).toBe("user");
}

/** All of a conversation that no stage may change. */
function said({ reward: _reward, ratings: _ratings, panel: _panel, alternatives = [], ...rest }: Candidate) {
  const texts = alternatives.map((turn) => turn.map(({ rating: _rating, ...reply }) => reply));
  return { ...rest, texts };
}

const placeOf = ({ source }: Row): string => `${source.interaction}/${source.exchange}`;

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** What a stage's schema says of itself and of its fields. */
function describe(schema: { shape?: unknown; def?: unknown }): Record<string, string> {
  const shape = (schema as { shape: Record<string, { description?: string }> }).shape;
  const { kind, ...fields } = shape;
  const told = Object.entries(fields).map(([name, { description = "" }]) => [name, description]);
  return { description: kind?.description ?? "", ...Object.fromEntries(told) };
}
