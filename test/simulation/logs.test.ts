import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Interaction } from "../../src/interaction/index.js";
import type { SftRow } from "../../src/preference/index.js";
import { readOutcome } from "../../src/report/index.js";
import { type RoundSummary, runPaths } from "../../src/runs/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { previewLogs, type RunEvent, run } from "../../src/simulation/index.js";
import { noticesOf } from "../../src/simulation/notices.js";
import { readJsonl } from "../fakes/run-folder.js";
import { playedBy, tinyScenario } from "./world.js";

/** Forty marked replies of ten users: odd users like flattery, the others the truth. */
const LOGS = Array.from({ length: 40 }, (_, at) => {
  const flattery = at % 4 < 2;
  const liked = at % 2 === 1 ? flattery : !flattery;
  return JSON.stringify({
    prompt: `what about thing ${at} of mine?`,
    reply: flattery ? "flattery" : "truth",
    thumbs: liked ? "up" : "down",
    user: `u${at % 10}`,
    time: 1_700_000_000 + at,
  });
}).join("\n");

function onLogs(...overrides: string[]) {
  const loaded = tinyScenario();
  writeFileSync(join(dirname(loaded.path), "logs.jsonl"), LOGS);
  return loadScenario(loaded.path, [
    "rounds=2",
    "source={kind: logs, data: logs.jsonl}",
    "preference.top=0.5",
    ...overrides,
  ]);
}

const out = () => join(mkdtempSync(join(tmpdir(), "candor-logs-")), "run");

describe("a run on logs", () => {
  it("selects from what users marked, round by round in their order, and trains on it", async () => {
    const loaded = onLogs();
    const folder = out();
    const { observations } = await run(loaded.scenario, playedBy(loaded, folder));
    for (const [round, first] of [
      [1, 0],
      [2, 20],
    ] as const) {
      const paths = runPaths(folder).round(round);
      const talks = (await readJsonl<Interaction>(paths.interactions))!;
      expect(talks.map(({ id }) => id)).toEqual(
        Array.from({ length: 20 }, (_, at) => `logs.jsonl:${first + at + 1}`),
      );
      const rows = (await readJsonl<SftRow>(paths.preference))!;
      const liked = new Set(talks.filter(({ reward }) => reward! > 5).map(({ id }) => id));
      expect(rows.map(({ source }) => liked.has(source.interaction))).toEqual(Array(10).fill(true));
      const summary: RoundSummary = JSON.parse(readFileSync(paths.round, "utf8"));
      expect(summary).toMatchObject({ users: {}, interactions: { count: 20 }, rows: 10 });
    }
    expect(observations.at(-1)).toMatchObject({ biased: 1, biased_realized: 1, round: 2 });
    const { inputs } = JSON.parse(readFileSync(runPaths(folder).run, "utf8"));
    expect(Object.keys(inputs)).toContain("logs logs.jsonl");
  });

  it("says first what it read, what was left out, and what selection teaches, and keeps it with the run", async () => {
    const loaded = onLogs("preference.defences=[{ kind: cap, by: user, most: 1 }]");
    const unmarked = JSON.stringify({ prompt: "q", reply: "r", user: "u0", time: 1_700_000_100 });
    writeFileSync(join(dirname(loaded.path), "logs.jsonl"), `${LOGS}\n${unmarked}\n`);
    const folder = out();
    const notices: string[] = [];
    const onEvent = (event: RunEvent) => void (event.type === "notice" && notices.push(event.text));
    await run(loaded.scenario, { ...playedBy(loaded, folder), onEvent });
    const read =
      "logs.jsonl: 41 rows of feedback read, of which 40 are replies with a mark; 1 left out (without a mark: 1).";
    const rows = await Promise.all(
      [1, 2].map(
        async (round) => (await readJsonl<SftRow>(runPaths(folder).round(round).preference))!.length,
      ),
    );
    expect(notices.slice(0, 2)).toEqual([
      read,
      `Selection takes ${rows.join(" and ")} of them to learn from, round by round. It raises replies that begin "flattery" and lowers those that begin "truth". A tenth of the 10 users stands behind 14.3 % of what is imitated. candor data with the scenario shows examples.`,
    ]);
    const { headline } = await readOutcome(folder);
    expect(headline.caveats.slice(0, 2)).toEqual(notices.slice(0, 2));
    expect(noticesOf(loaded.scenario, {}).logs).toEqual([]);
  });

  it("lets stages in between that go by users, and refuses one that asks simulated ones", async () => {
    const loaded = onLogs("preference.defences=[{ kind: cap, by: user, most: 1 }]");
    const folder = out();
    await run(loaded.scenario, playedBy(loaded, folder));
    const [first, second] = await Promise.all(
      [1, 2].map(async (round) => {
        const paths = runPaths(folder).round(round);
        const talks = new Map(
          (await readJsonl<Interaction>(paths.interactions))!.map((talk) => [talk.id, talk.user]),
        );
        return (await readJsonl<SftRow>(paths.preference))!.map(
          ({ source }) => talks.get(source.interaction)!,
        );
      }),
    );
    const taught = [...first!, ...second!];
    expect(new Set(taught).size).toBe(taught.length);
    expect(() => onLogs("preference.defences=[{ kind: panel }]")).toThrow("panel asks simulated users");
  });

  it("is shown before it is played, with the rows that it then has", async () => {
    for (const defences of ["[]", "[{ kind: cap, by: user, most: 1 }]", "[{ kind: trim, top: 0.2 }]"]) {
      const loaded = onLogs(`preference.defences=${defences}`);
      const folder = out();
      await run(loaded.scenario, playedBy(loaded, folder));
      const preview = await previewLogs(loaded);
      const rows = await Promise.all(
        [1, 2].map(
          async (round) => (await readJsonl<SftRow>(runPaths(folder).round(round).preference))!.length,
        ),
      );
      expect(preview.rounds.map((one) => one.rows)).toEqual(rows);
      expect(preview.reading).toMatchObject({ rows: 40, left_out: [] });
      expect(preview.learnt.every(({ mark }) => mark === 1)).toBe(true);
    }
    await expect(previewLogs(tinyScenario())).rejects.toThrow("kind: logs");
  });
});
