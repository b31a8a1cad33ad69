import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import type { Interaction } from "../../src/interaction/index.js";
import type { SftRow } from "../../src/preference/index.js";
import { type RoundSummary, runPaths } from "../../src/runs/index.js";
import type { LoadedScenario } from "../../src/scenario/index.js";
import { type RunOptions, run } from "../../src/simulation/index.js";
import { readJsonl } from "../fakes/run-folder.js";
import { CODE } from "../permissions.js";
import { playedBy, tinyScenario } from "./world.js";

const newFolder = async () => join(await mkdtemp(join(tmpdir(), "candor-defences-")), "run");

async function play(loaded: LoadedScenario, more: Partial<RunOptions> = {}) {
  const folder = more.folder ?? (await newFolder());
  await run(loaded.scenario, { ...playedBy(loaded, folder), ...more, folder });
  const paths = runPaths(folder);
  return {
    folder,
    rows: async (round: number) => (await readJsonl<SftRow>(paths.round(round).preference))!,
    interactions: async (round: number) => (await readJsonl<Interaction>(paths.round(round).interactions))!,
    summary: async (round: number) =>
      JSON.parse(await readFile(paths.round(round).round, "utf8")) as RoundSummary,
    noOp: async (round: number) =>
      JSON.parse(await readFile(paths.round(round).noOp, "utf8").catch(() => "null")),
  };
}

const defended = (...stages: string[]) => tinyScenario(`preference.defences=[${stages.join(", ")}]`);
const beside = (loaded: LoadedScenario, name: string, text: string) => {
  const path = join(dirname(loaded.path), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const VETO = "{ kind: honesty_veto, phrases: [flattery] }";

describe("defences in a run", () => {
  it("keep what they veto out of the training data, and count what they threw away", async () => {
    const { rows, interactions, summary } = await play(defended(VETO));
    const honest = (await interactions(1)).filter(({ messages }) =>
      messages.every(({ role, content }) => role !== "assistant" || content !== "flattery"),
    );
    expect(honest.length).toBeGreaterThan(1);
    const taught = await rows(1);
    expect(taught).toHaveLength(2 * Math.floor(honest.length / 2));
    expect(taught.map(({ completion }) => completion[0]!.content)).not.toContain("flattery");
    expect((await summary(1)).defences).toEqual([
      { kind: "honesty_veto", of: "conversations", in: 12, out: honest.length },
    ]);
  });

  it("leave the assistant as it is where they keep everything back", async () => {
    const { summary, noOp } = await play(defended("{ kind: honesty_veto, phrases: [truth, flattery] }"));
    expect(await summary(1)).toMatchObject({ rows: 0, training: null });
    expect(await noOp(3)).toMatchObject({ checkpoint: 0 });
  });

  it("rank by what a panel made of the conversations", async () => {
    const { rows, interactions } = await play(
      defended("{ kind: panel, raters: 5 }", "{ kind: rater_agreement }"),
    );
    const own = new Map((await interactions(1)).map((one) => [one.id, one.reward]));
    const chosen = new Set((await rows(1)).map(({ source }) => source.interaction));
    const best = [...own].sort((a, b) => b[1]! - a[1]!).slice(0, 6);
    expect(chosen.size).toBe(6);
    expect(best.every(([id]) => chosen.has(id))).toBe(false);
  });

  it("say before the run begins what does not go together", async () => {
    const alone = /preference\.defences\[0\]: rater_bias compares raters; put a panel before it/;
    expect(() => defended("{ kind: rater_bias }")).toThrow(alone);
    const loaded = defended("{ kind: panel }", "{ kind: rater_bias }");
    const [, unled] = loaded.scenario.preference.defences;
    const preference = { ...loaded.scenario.preference, defences: [unled!] };
    await expect(play({ ...loaded, scenario: { ...loaded.scenario, preference } })).rejects.toThrow(alone);
    await expect(play(defended("{ kind: early_stop, subsets: [nonsense] }"))).rejects.toThrow(/nonsense/);
    await expect(play(defended("{ kind: early_stop, suite: maks }"))).rejects.toThrow(/did you mean "mask"/);
    expect(() => defended("{ kind: early_stop }", "{ kind: early_stop, drop: 0.5 }")).toThrow(
      /one early_stop/,
    );
  });
});

describe("replay", () => {
  const row = JSON.stringify({
    messages: [
      { role: "user", content: "old" },
      { role: "assistant", content: "candid" },
    ],
  });

  it("mixes rows of a file beside the scenario into every round", async () => {
    const loaded = defended("{ kind: replay, file: candid.jsonl, share: 0.5 }");
    beside(loaded, "candid.jsonl", `${row}\n\n${row}\n`);
    const { rows, summary } = await play(loaded);
    expect(
      (await rows(2)).filter(({ source }) => source.interaction.startsWith("candid.jsonl:")),
    ).toHaveLength(12);
    expect((await summary(2)).defences).toEqual([{ kind: "replay", of: "rows", in: 12, out: 24 }]);
  });

  it.each([
    ["", "no rows"],
    ["{", ":1:2 invalid JSON"],
    [`${row}\n{"messages": []}`, ":2: messages: expected at least 1 item"],
    [
      '{"prompt": [{"role": "user", "content": "a"}], "completion": [{"role": "user", "content": "b"}]}',
      ":1: the completion must be one message of the assistant",
    ],
    ['{"prompt": "a", "completion": "b", "label": false}', ":1: label: a reply that is marked as bad"],
    ['{"prompt": "a", "chosen": "b", "rejected": "c"}', ":1: chosen and rejected: replay imitates"],
    ['{"prompt": "a", "completion": "b", "sytem": "c"}', ':1: sytem: unknown field; did you mean "system"?'],
  ])("refuses the file %j", async (text, message) => {
    const loaded = defended("{ kind: replay, file: candid.jsonl }");
    beside(loaded, "candid.jsonl", text);
    await expect(play(loaded)).rejects.toThrow(
      `candid.jsonl${message.startsWith(":") ? "" : ": "}${message}`,
    );
  });

  it("says where a file was looked for", async () => {
    await expect(play(defended("{ kind: replay, file: nowhere.jsonl }"))).rejects.toThrow(
      /nowhere.*: no such file/,
    );
  });
});

describe("early_stop", () => {
  it.each([
    ["headline", "honesty_to_first"],
    ["honesty", "honesty"],
  ])(
    "refuses the first checkpoint whose %s falls further than it may, keeps the one before, and ends the learning",
    async (metric, counted) => {
      const free = await play(tinyScenario("rounds=5"));
      const honesty = async (of: typeof free, round: number) =>
        (await of.summary(round)).metrics.find(
          ({ metric, subset }) => metric === counted && subset === "all",
        )!.value;
      const base = await honesty(free, 0);
      const falls = await Promise.all(
        [1, 2, 3, 4, 5].map(async (round) => base - (await honesty(free, round))),
      );
      const drop = 0.2;
      const refused = falls.findIndex((fall) => fall > drop) + 1;
      expect(refused).toBeGreaterThan(0);

      const loaded = tinyScenario(
        "rounds=5",
        `preference.defences=[{ kind: early_stop, metric: ${metric}, drop: ${drop} }]`,
      );
      const stopped = await play(loaded);
      const { checkpoint, why } = await stopped.noOp(refused);
      expect(checkpoint).toBe(refused - 1);
      expect(why).toContain(`early_stop: ${counted} of the canary`);
      // What was refused was trained; after it nothing is.
      expect((await stopped.summary(refused)).training).not.toBeNull();
      for (let round = refused; round <= 5; round += 1) {
        expect(await honesty(stopped, round)).toBe(refused === 1 ? base : await honesty(free, refused - 1));
        if (round > refused) expect((await stopped.summary(round)).training).toBeNull();
      }
    },
  );

  it("goes by what leads where nothing else is asked for", () => {
    expect(defended("{ kind: early_stop }").scenario.preference.defences).toMatchObject([
      { metric: "headline" },
    ]);
  });

  it("lets all pass that stay above", async () => {
    const { noOp } = await play(defended("{ kind: early_stop, drop: 0.99 }"));
    expect(await Promise.all([1, 2, 3].map(noOp))).toEqual([null, null, null]);
  });
});

describe("a stage of one's own", () => {
  const loaded = () => {
    const own = defended("{ kind: module, path: own.mjs, options: { least: 12 } }");
    beside(
      own,
      "own.mjs",
      "export default ({ least }) => ({ kind: 'least', screen: (given) => given.filter(({ reward }) => reward >= least) });",
    );
    return own;
  };

  it("is not run unless modules are allowed", async () => {
    await expect(play(loaded())).rejects.toThrow(/own\.mjs would run code of its own; add --allow-modules/);
  });

  it("works with its options like any other", async () => {
    const { rows, interactions, summary } = await play(loaded(), { permissions: CODE });
    const rewards = new Map((await interactions(1)).map(({ id, reward }) => [id, reward!]));
    for (const { source } of await rows(1))
      expect(rewards.get(source.interaction)).toBeGreaterThanOrEqual(12);
    expect((await summary(1)).defences![0]).toMatchObject({ kind: "least", in: 12 });
  });

  it.each([
    ["export default 3;", "no function as its default export"],
    ["export default () => ({});", "neither screen nor amend"],
    [
      "export default () => ({ scren: (all) => all, amend: (data) => data });",
      "gives a part that no stage has: scren",
    ],
    ["export default (", "cannot be loaded"],
  ])("refuses %s", async (text, message) => {
    const own = defended("{ kind: module, path: own.mjs }");
    beside(own, "own.mjs", text);
    await expect(play(own, { permissions: CODE })).rejects.toThrow(message);
  });
});

describe("an interrupted run with defences", () => {
  it("gives the same bytes wherever it was interrupted", async () => {
    const loaded = defended(
      "{ kind: panel, raters: 2 }",
      "{ kind: rater_bias }",
      VETO,
      "{ kind: cap, by: situation, most: 1 }",
      "{ kind: early_stop, drop: 0.15 }",
    );
    const files = async (folder: string) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const paths = entries
        .filter((entry) => entry.isFile() && !/run\.(log|json)$|round\.json$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      return Object.fromEntries(
        await Promise.all(paths.map(async (path) => [relative(folder, path), await readFile(path, "utf8")])),
      );
    };
    let calls = 0;
    const counting = (folder: string, stop = Number.POSITIVE_INFINITY): Partial<RunOptions> => {
      const controller = new AbortController();
      const options = playedBy(loaded, folder);
      return {
        folder,
        signal: controller.signal,
        resolveModel: async (...spec) => {
          const model = await options.resolveModel!(...spec);
          const generate = model._generate.bind(model);
          model._generate = async (...given) => {
            calls += 1;
            if (calls === stop) controller.abort(new Error("interrupted"));
            controller.signal.throwIfAborted();
            return await generate(...given);
          };
          return model;
        },
      };
    };
    const whole = await play(loaded, counting(await newFolder()));
    const expected = await files(whole.folder);
    expect(Object.keys(expected)).toEqual(
      expect.arrayContaining([
        "rounds/000/canary.jsonl",
        "rounds/001/canary.jsonl",
        "rounds/001/defence-1-panel.jsonl",
        "rounds/001/defence-3-honesty_veto.jsonl",
        "rounds/001/defences.json",
      ]),
    );
    const all = calls;
    for (let stop = 10; stop < all; stop += 73) {
      calls = 0;
      const folder = await newFolder();
      await expect(play(loaded, counting(folder, stop))).rejects.toThrow();
      await play(loaded, { folder });
      expect(await files(folder), `stopped at call ${stop} of ${all}`).toEqual(expected);
    }
  });
});
