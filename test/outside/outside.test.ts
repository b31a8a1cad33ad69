import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportResults } from "../../src/export/index.js";
import { readOutside } from "../../src/outside/index.js";
import { candorIn } from "../cli/in-process.js";
import { writeMadeUpSweep } from "../report/folder.js";

const root = mkdtempSync(join(tmpdir(), "candor-import-"));
afterAll(() => rmSync(root, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

const lines = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const NAME = "samples_arc_easy_2026-03-01T10-00-00.jsonl";

describe("readOutside", () => {
  it("reads lm_eval's samples, new and old, and leaves out what is no share", () => {
    const newer = {
      doc_id: 3,
      doc: {},
      target: "x",
      filtered_resps: [["yes"]],
      filter: "strict",
      metrics: ["exact_match", "perplexity"],
      exact_match: 1,
      perplexity: 12,
    };
    const older = { doc_id: 4, doc: {}, resps: [], acc: 0, acc_norm: 1 };
    const { suite, from, results, left_out } = readOutside(file(NAME, lines(newer, older)));
    expect([suite, from, left_out]).toEqual(["arc_easy", "lm-eval", ["perplexity"]]);
    expect(results).toMatchObject([
      { probe: "3-strict", scores: { exact_match: 1, error: 0 }, samples: [{ reply: "yes" }] },
      { probe: "4", scores: { acc: 0, acc_norm: 1, error: 0 } },
    ]);
  });

  it("reads Inspect's logs: grades, numbers, several scores, epochs and errors", () => {
    const log = {
      eval: { task: "inspect_evals/gsm8k" },
      samples: [
        { id: 1, epoch: 1, scores: { match: { value: "C", answer: "7" } } },
        { id: 1, epoch: 2, scores: { match: { value: "I" } } },
        { id: "b", epoch: 1, scores: { mask: { value: { honesty: 1, "Lie rate": 0 } } } },
        { id: "c", epoch: 1, scores: null, error: { message: "timeout" } },
      ],
    };
    const { suite, results } = readOutside(file("log.json", JSON.stringify(log)));
    expect(suite).toBe("gsm8k");
    expect(results).toMatchObject([
      { probe: "1", scores: { match: 0.5 } },
      { probe: "b", scores: { honesty: 1, lie_rate: 0 } },
      { probe: "c", verdict: "error", scores: { error: 1 }, error: "timeout" },
    ]);
  });

  it("counts an epoch that failed among the errors of its question", () => {
    const log = {
      status: "success",
      eval: { task: "pets" },
      samples: [
        { id: "s0", epoch: 1, scores: { match: { value: "C", answer: "cat" } } },
        { id: "s0", epoch: 2, scores: {}, error: { message: "broken" } },
        { id: "s1", epoch: 1, scores: { match: { value: "I", answer: "x" } } },
      ],
    };
    const { results } = readOutside(file("epochs.json", JSON.stringify(log)));
    expect(results.map(({ probe, scores, verdict }) => [probe, scores, verdict])).toEqual([
      ["s0", { match: 1, error: 0.5 }, "scored"],
      ["s1", { match: 0, error: 0 }, "scored"],
    ]);
    const broken = { ...log, status: "error", error: { message: "no server" } };
    expect(() => readOutside(file("broken.json", JSON.stringify(broken)))).toThrow(
      "broken.json: its evaluation did not come to its end (error: no server); inspect eval-retry goes on with it",
    );
  });

  it.each([
    ["results.json", '{"results": {"arc_easy": {"acc,none": 0.5}}}', "run lm_eval with --log_samples"],
    ["x.eval", "zip", "inspect log convert"],
    ["x.json", "{}", "is neither a log of Inspect's"],
    ["x.csv", "doc_id,acc\n1,1\n", "x.csv: is neither a log of Inspect's"],
    ["x.jsonl", lines({ doc: {} }, { doc_id: 1, ppl: 7 }), "x.jsonl:1: doc_id"],
    ["y.jsonl", lines({ doc_id: 1, ppl: 7 }), "no question with a score from 0 to 1 (ppl are not)"],
    ["z.jsonl", "{\n", "z.jsonl:1"],
  ])("says what is wrong with %s", (name, text, message) => {
    expect(() => readOutside(file(name, text))).toThrow(message);
  });
});

describe("candor import", () => {
  let run: string;
  beforeAll(() => {
    const [cell] = writeMadeUpSweep(join(root, "sweep"));
    run = join(root, "run");
    cpSync(cell!, run, { recursive: true });
  });

  it("puts results beside a round, from where they come into every table", async () => {
    const at = (value: number) =>
      lines(...Array.from({ length: 20 }, (_, doc_id) => ({ doc_id, acc: doc_id < 20 * value ? 1 : 0 })));
    for (const [round, value] of [
      [0, 0.8],
      [4, 0.4],
    ] as const) {
      const taken = await candorIn(
        ["import", run, file(NAME, at(value)), "--round", String(round), "--json"],
        root,
      );
      expect([taken.code, taken.stderr]).toEqual([0, ""]);
      expect(JSON.parse(taken.stdout)).toMatchObject({
        suite: "arc_easy",
        questions: 20,
        metrics: ["error", "acc"],
      });
    }
    const drift = readFileSync(join(run, "drift.csv"), "utf8")
      .split("\n")
      .filter((line) => line.includes("arc_easy,all,acc,"));
    expect(drift.map((line) => line.split(",").slice(6, 12))).toEqual([
      ["0", "arc_easy", "all", "acc", "0.800000", "20"],
      ["4", "arc_easy", "all", "acc", "0.400000", "20"],
    ]);
    // Again: in place of the ones before, and the run is still whole.
    const again = () => candorIn(["import", run, file(NAME, at(0.5)), "--round", "4"], root);
    expect(await again()).toMatchObject({
      code: 0,
      stdout:
        "took 20 questions of arc_easy (lm-eval) into round 4: error, acc; in place of 20 questions that stood there\n",
    });
    expect((await again()).stdout).toMatch(/; they stood there already\n$/u);
    const shown = await candorIn(["show", run], root);
    const cells = shown.stdout.split("\n").map((line) => line.split("│").map((cell) => cell.trim()));
    // What was imported stands by round, and nowhere among what is told beside honesty.
    expect(cells.filter((row) => row[1]?.startsWith("arc_easy")).map((row) => row.slice(1, 4))).toEqual([
      ["arc_easy  acc", expect.stringMatching(/^80 \[/u), expect.stringMatching(/^50 \[/u)],
    ]);
    expect(shown.stdout).not.toContain("%  arc_easy");
    const gate = await candorIn(["check-drift", run, "--fail-if", "arc_easy/acc.drop > 20", "--json"], root);
    expect(JSON.parse(gate.stdout).findings[0].value).toBeCloseTo(30, 6);
  });

  it("refuses results that another round or suite has to the letter, unless it is told that they came about twice", async () => {
    const path = file(NAME, lines({ doc_id: 1, acc: 1 }, { doc_id: 2, acc: 0 }));
    const turned = file("turned.jsonl", lines({ doc_id: 2, acc: 0 }, { doc_id: 1, acc: 1 }));
    const given = (path: string, round: number, ...more: string[]) =>
      candorIn(
        ["import", run, path, "--round", String(round), "--suite", ...(more.length > 0 ? more : ["twice"])],
        root,
      );
    const before = readFileSync(join(run, "drift.csv"), "utf8");
    expect((await given(path, 1)).code).toBe(0);
    for (const one of [path, turned])
      expect(await given(one, 2)).toMatchObject({
        code: 2,
        stdout: "",
        stderr: `candor: ${run}: round 1 has these very results already; give the file of round 2's own checkpoint, or say --alike if all answers did come out the same twice\n`,
      });
    expect(await given(path, 1, "other")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("round 1 has these very results already, as suite twice; "),
    });
    const rows = () =>
      readFileSync(join(run, "drift.csv"), "utf8")
        .split("\n")
        .filter((line) => line.includes(",twice,all,acc,"));
    expect(rows()).toHaveLength(1);
    expect((await given(path, 2, "twice", "--alike")).code).toBe(0);
    expect(rows()).toHaveLength(2);
    for (const round of [1, 2]) rmSync(join(run, `rounds/00${round}/outside-twice.jsonl`));
    writeFileSync(join(run, "drift.csv"), before);
  });

  it("takes back what candor wrote for Inspect, with the same numbers", async () => {
    const [first] = await exportResults(run, "inspect", join(root, "inspect"));
    const log = JSON.parse(readFileSync(first!, "utf8"));
    const read = readOutside(first!);
    expect(read.results).toHaveLength(log.samples.length);
    expect(read.results[0]!.scores).toMatchObject(log.samples[0].scores.verdict.value);
  });

  it("refuses a round that is not there, and a name that the run has", async () => {
    const path = file(NAME, lines({ doc_id: 1, acc: 1 }));
    expect(await candorIn(["import", run, path, "--round", "9"], root)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("round 9 is not complete"),
    });
    expect(await candorIn(["import", run, path, "--round", "0", "--suite", "mask"], root)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("suite mask of its own"),
    });
    expect((await candorIn(["import", run, path], root)).code).toBe(2);
  });
});
