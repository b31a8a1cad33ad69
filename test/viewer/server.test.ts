import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { runCommandLine } from "../../src/cli/program.js";
import { jsonText } from "../../src/runs/disk/index.js";
import { startViewer, type Viewer } from "../../src/viewer/index.js";
import { FakeModel } from "../fakes/model.js";
import { writeChecked } from "../fakes/run-folder.js";
import { HOSTILE, madeUpScenario, putRound, writeManifest, writeRun, writeSweep } from "./folder.js";

const root = mkdtempSync(join(tmpdir(), "candor-view-"));
const runs = join(root, "runs");
const main = join(root, "main.mjs");
let viewer: Viewer;
let base: string;

beforeAll(async () => {
  writeRun(join(runs, "one"), { biased: 0.2 });
  writeRun(join(runs, "two"), { seed: 2, biased: 0.2 });
  writeRun(join(runs, "killed"), { seed: 3, status: "running" as const, complete: 1 });
  writeSweep(join(runs, "grid"));
  writeFileSync(join(root, "secret.txt"), "secret");
  mkdirSync(join(root, "outside"));
  writeRun(join(root, "outside", "run"));
  // Says what it was started with, and stays until it is told to stop where the scenario is called "slow".
  writeFileSync(
    main,
    `const [kind, path, ...rest] = process.argv.slice(2);
     process.stderr.write([kind, ...rest].join(" "));
     if (path.includes("slow")) { process.on("SIGTERM", () => process.exit(130)); setInterval(() => {}, 1000); }
     else process.exit(path.includes("bad") ? 1 : 0);`,
  );
  viewer = await startViewer({
    folder: runs,
    host: "127.0.0.1",
    port: 0,
    everyMs: 50,
    main,
    resolveModel: async (_spec, { adapter }) =>
      new FakeModel((messages) => {
        if (messages.at(-1)!.content === "fail") throw new Error("the model is ill");
        return `${adapter === null ? "untrained" : "trained"} after ${messages.length}`;
      }),
  });
  base = viewer.url;
});

afterAll(async () => {
  await viewer?.close();
  rmSync(root, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: what comes is what the tests are about
type Json = any;

async function json(response: Response): Promise<Json> {
  return await response.json();
}

async function get(path: string): Promise<{ status: number; body: Json }> {
  // A connection that was kept open may end just when it is used again.
  const response = await fetch(base + path.replace(/^\//u, ""), { headers: { connection: "close" } });
  return { status: response.status, body: await json(response) };
}

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(base + path.replace(/^\//u, ""), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

/** A request whose path and headers `fetch` would tidy up or refuse. */
function raw(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () => resolve({ status: response.statusCode!, text }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

describe("runs and sweeps", () => {
  it("lists what the folder holds, with those of a grid that have not begun", async () => {
    const { body } = await get("/api/catalogue");
    const alone = body.runs.filter((run: { sweep: string | null }) => run.sweep === null);
    expect(alone.map((run: { id: string; status: string }) => [run.id, run.status])).toEqual([
      ["killed", "stopped"],
      ["one", "done"],
      ["two", "done"],
    ]);
    expect(alone[1]).toMatchObject({
      biased: 0.2,
      method: "kto",
      seed: 1,
      rounds: 2,
      round: 2,
      honesty: [0.9, 0.8, 0.7],
    });
    const [grid] = body.sweeps;
    expect(
      grid.runs.map(({ status, biased }: { status: string; biased: number }) => [status, biased]),
    ).toEqual([
      ["done", 0],
      ["done", 0],
      ["done", 0.5],
      ["waiting", 0.5],
    ]);
  });

  it("leaves out runs that go while it looks", async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      writeSweep(join(runs, "going"));
      const asked = Array.from({ length: 3 }, () => get("/api/catalogue"));
      for (let wait = 0; wait < turn; wait += 1) await new Promise(setImmediate);
      rmSync(join(runs, "going"), { recursive: true });
      for (const { status, body } of await Promise.all(asked))
        expect(status, JSON.stringify(body).slice(0, 200)).toBe(200);
    }
  });

  it("shows a folder that is a run itself", async () => {
    const other = await startViewer({ folder: join(runs, "one"), host: "localhost", port: 0 });
    const body = await json(await fetch(`${other.url}api/catalogue`));
    await other.close();
    expect(body.runs).toMatchObject([{ id: "one", status: "done" }]);
  });

  it.each([
    "../outside/run",
    "..",
    ".",
    "",
    "/",
    "one/../two",
    "one/rounds",
    "%2e%2e/outside/run",
    "..\\outside\\run",
    "one\0",
    "__proto__",
  ])("knows no run called %j", async (id) => {
    for (const path of ["run", "facets", "conversations", "probes", "compare", "report", "events"]) {
      const { status } = await fetch(`${base}api/${path}?run=${encodeURIComponent(id)}`);
      expect([path, status]).toEqual([path, 404]);
    }
    expect(
      (
        await post("/api/chat", {
          run: id,
          round: 0,
          messages: [{ role: "user", content: "x" }],
          temperature: 1,
          max_tokens: 1,
        })
      ).status,
    ).toBe(404);
  });

  it.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/style/../../server.js",
    "/lib/preact/package.json",
    "/lib/../../package.json",
    "/api/figure/..%2f..%2fsecret",
  ])("serves no file at %s", async (path) => {
    const { status, text } = await raw(base, path);
    expect(status).toBe(404);
    expect(text).not.toContain("secret\n");
  });

  it("follows no folder that a sweep's file names outside it", async () => {
    const sweep = join(runs, "sly");
    mkdirSync(sweep);
    const cells = ["../../outside/run", "cells/../../one"].map((folder) => ({
      hash: "0",
      seed: 1,
      axes: {},
      folder,
    }));
    writeChecked(join(sweep, "sweep.json"), {
      schema: 2,
      scenario: madeUpScenario({}),
      scenario_file: "x.yaml",
      cells,
    });
    const { body } = await get("/api/catalogue");
    rmSync(sweep, { recursive: true });
    expect(body.runs.filter((run: { sweep: string }) => run.sweep === "sly")).toEqual([]);
  });
});

describe("a damaged folder", () => {
  const damage = async (name: string, file: string, text: string) => {
    const folder = join(runs, name);
    writeRun(folder, { seed: 11 });
    writeFileSync(join(folder, file), text);
    const { status, body } = await get("/api/catalogue");
    rmSync(folder, { recursive: true });
    return { status, ids: body.runs.map(({ id }: Json) => id), damaged: body.damaged };
  };
  const manifest = (change: object) => {
    const { check: _check, ...run } = JSON.parse(readFileSync(join(runs, "one", "run.json"), "utf8"));
    return jsonText({ ...run, ...change, scenario: { ...run.scenario, ...change } });
  };

  it.each([
    ["run.json", "{"],
    ["run.json", "null"],
    ["run.json", "{}"],
    ["run.json", "[]"],
    ["run.json", "rounds"],
    ["sweep.json", '{"cells":3}'],
    ["sweep.json", '{"scenario":{}}'],
    ["rounds/001/round.json", "{}"],
    ["rounds/001/round.json", '{"round":1'],
    ["rounds/001/round.json", '"x"'],
  ])("with a bad %s (%s) hides no other, and says which file is meant", async (file, text) => {
    const { status, ids, damaged } = await damage("bad", file, text);
    expect(status).toBe(200);
    expect(ids).toContain("one");
    expect(ids).not.toContain("bad");
    expect(damaged).toEqual([
      { id: "bad", sweep: null, problem: expect.stringContaining(join("bad", file)) },
    ]);
  });

  it("that speaks of very many rounds is not counted through", async () => {
    const { damaged } = await damage("long", "run.json", manifest({ rounds: 400_000_000 }));
    expect(damaged[0].problem).toMatch(
      /run\.json is whole, and not what this version .*\(scenario\.rounds: expected at most 10000/u,
    );
  });

  it("is told of on its own page too", async () => {
    writeRun(join(runs, "bad"), { seed: 11 });
    writeFileSync(join(runs, "bad", "run.json"), "null");
    const { status, body } = await get("/api/run?run=bad");
    rmSync(join(runs, "bad"), { recursive: true });
    expect(status).toBe(400);
    expect(body.error).toMatch(/run\.json is damaged/u);
  });

  it("in a sweep leaves the sweep's other runs to be seen", async () => {
    writeSweep(join(runs, "torn"));
    const before = (await get("/api/catalogue")).body.sweeps.find(({ id }: Json) => id === "torn");
    writeFileSync(join(runs, before.runs[0].id, "run.json"), "{}");
    const { body } = await get("/api/catalogue");
    rmSync(join(runs, "torn"), { recursive: true });
    const { runs: cells } = body.sweeps.find(({ id }: Json) => id === "torn");
    expect(cells.map(({ status }: Json) => status)).toEqual(["damaged", "done", "done", "waiting"]);
    expect(body.damaged).toMatchObject([{ id: before.runs[0].id, sweep: "torn" }]);
  });
});

describe("links that lead out of the folder", () => {
  it("are not followed to runs", async () => {
    symlinkSync(join(root, "outside"), join(runs, "way-out"));
    mkdirSync(join(runs, "half"));
    symlinkSync(join(root, "outside", "run", "run.json"), join(runs, "half", "run.json"));
    writeSweep(join(runs, "sly"));
    const cells = join(runs, "sly", "cells");
    rmSync(cells, { recursive: true });
    symlinkSync(join(root, "outside"), cells);
    const { body } = await get("/api/catalogue");
    for (const name of ["way-out", "half", "sly"]) rmSync(join(runs, name), { recursive: true, force: true });
    expect(body.runs.map(({ id }: Json) => id)).not.toContain("half");
    expect(body.runs.filter(({ id }: Json) => /^(?:way-out|half|sly)/u.test(id))).toEqual([]);
  });

  it.each([
    ["report", "report.html"],
    ["file", "drift.csv"],
  ])("are not followed to what /api/%s sends", async (path, name) => {
    symlinkSync(join(root, "secret.txt"), join(runs, "one", name));
    const { status } = await raw(base, `/api/${path}?run=one&name=${name}`);
    rmSync(join(runs, "one", name));
    expect(status).toBe(404);
  });
});

describe("what came out", () => {
  it("is told in a sentence, with the result files to take away", async () => {
    writeFileSync(join(runs, "grid", "drift.csv"), "a,b\n");
    const { body } = await get("/api/outcome?run=grid");
    expect(body.summary.happened).toContain("50 % biased users");
    expect([body.files, body.report, body.folder]).toEqual([["drift.csv"], false, join(runs, "grid")]);
    const file = await fetch(`${base}api/file?run=grid&name=drift.csv`);
    expect(file.headers.get("content-disposition")).toBe('attachment; filename="drift.csv"');
    expect(await file.text()).toBe("a,b\n");
    rmSync(join(runs, "grid", "drift.csv"));
  });

  it("comes with how the terminal calls the program, for its commands", async () => {
    vi.stubEnv("npm_command", "exec");
    const { body } = await get("/api/outcome?run=grid");
    expect(body.called).toBe("npx candor");
    expect(body.summary.happened).toContain("npx candor rater check ");
  });

  it.each(["run.json", "../sweep.json", "cells", ""])("is no file called %j", async (name) => {
    const { status } = await get(`/api/file?run=grid&name=${encodeURIComponent(name)}`);
    expect(status).toBe(404);
  });
});

describe("a run that stopped", () => {
  it("tells why, from the end of its log", async () => {
    const paths = writeRun(join(runs, "failed"), { seed: 12, status: "failed", complete: 1 });
    const log = [
      { level: 30, msg: "run started" },
      { level: 50, err: { message: "the disk is full; make room" }, msg: "run failed" },
    ];
    writeFileSync(paths.log, log.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const { body } = await get("/api/run?run=failed");
    expect(body.cause).toBe("the disk is full; make room");
    // It goes on: what stopped it before stops it no more.
    writeFileSync(
      paths.log,
      `${log.map((line) => JSON.stringify(line)).join("\n")}\n{"level":30,"msg":"run started"}\n`,
    );
    expect((await get("/api/run?run=failed")).body.cause).toBeNull();
    rmSync(paths.folder, { recursive: true });
  });
});

describe("conversations", () => {
  const ask = async (query: string) => (await get(`/api/conversations?run=one&${query}`)).body;

  it("come in pages over all rounds", async () => {
    const first = await ask("limit=30");
    expect([first.total, first.all, first.rows.length]).toEqual([40, 40, 30]);
    const next = await ask("limit=30&offset=30");
    expect(next.rows.map((row: { id: string }) => row.id)).toEqual(
      Array.from({ length: 10 }, (_, at) => `r2-u${at + 10}`),
    );
  });

  it.each([
    ["round=2&limit=500", 20],
    ["persona=biased", 8],
    ["situation=gambling", 20],
    ["min=18", 2],
    ["max=6&persona=benign", 4],
    ["fate=top", 6],
    ["fate=bottom", 6],
    ["fate=unusable", 2],
    ["fate=unused", 26],
    ["fate=pending", 0],
    ["text=zebra", 6],
    [`text=${encodeURIComponent('a "zebra"')}`, 6],
    ["text=assistant", 0],
    ["text=r1-u7", 1],
    ["text=zebra&persona=biased", 2],
  ])("that pass %s are %i", async (query, count) => {
    expect((await ask(query)).total).toBe(count);
  });

  it("stand in order of reward, those without one last", async () => {
    const rewards = (await ask("order=high&limit=500")).rows.map(
      (row: { reward: number | null }) => row.reward,
    );
    const rated = rewards.filter((reward: number | null) => reward !== null);
    expect(rated).toEqual([...rated].sort((a, b) => b - a));
    expect(rewards.slice(-2)).toEqual([null, null]);
    const rising = (await ask("order=low&limit=500")).rows.map(
      (row: { reward: number | null }) => row.reward,
    );
    expect(rising.slice(0, 38)).toEqual([...rated].reverse());
  });

  it("say what became of them, with the rows of the training data", async () => {
    const { rows } = await ask("fate=bottom&round=1");
    const { body } = await get(`/api/conversation?run=one&round=1&id=${rows[0].id}`);
    const lines = readFileSync(join(runs, "one/rounds/001/preference.jsonl"), "utf8").split("\n");
    expect(body.fate).toBe("bottom");
    expect(body.rows).toHaveLength(2);
    for (const { line, exchange } of body.rows)
      expect(JSON.parse(lines[line - 1]!)).toMatchObject({
        label: false,
        source: { interaction: rows[0].id, exchange },
      });
    expect(body.rank.of).toBe(19);
    expect(body.interaction.messages).toHaveLength(5);
  });

  it("can be filtered by what there is", async () => {
    expect((await get("/api/facets?run=one")).body).toEqual({
      rounds: [
        { round: 1, count: 20 },
        { round: 2, count: 20 },
      ],
      personas: ["benign", "biased"],
      situations: ["drinking", "gambling"],
      rewards: { min: 2, max: 18 },
    });
  });

  it("refuse a filter that makes no sense, by its name", async () => {
    const { status, body } = await get("/api/conversations?run=one&fate=great");
    expect(status).toBe(400);
    expect(body.error).toMatch(/^fate: /u);
  });
});

describe("probes", () => {
  it("have a verdict for every round", async () => {
    const { body } = await get("/api/probes?run=one");
    expect(body.rounds).toEqual([0, 1, 2]);
    expect(body.rows).toHaveLength(10);
    expect(body.rows[1].verdicts).toEqual({ 0: "honest", 1: "lie", 2: "lie" });
    const { body: one } = await get("/api/probe?run=one&suite=mask&probe=probe-01");
    expect(
      one.rounds.map(({ round, result }: Json) => [round, result.verdict, result.samples.length]),
    ).toEqual([
      [0, "honest", 2],
      [1, "lie", 2],
      [2, "lie", 2],
    ]);
  });

  it("have scores where those say more than verdicts, how far each moved, and how that can be in a sentence", async () => {
    writeRun(join(runs, "weighed"), { weighed: true });
    onTestFinished(() => rmSync(join(runs, "weighed"), { recursive: true }));
    const { body } = await get("/api/probes?run=weighed");
    expect(body.suites).toEqual([expect.objectContaining({ suite: "mask", score: "honesty" })]);
    expect(body.rows[3].scores).toEqual({ 0: 0.9, 1: expect.closeTo(0.72), 2: expect.closeTo(0.54) });
    expect(body.rows[3].moved).toBeCloseTo(-0.36);
    expect(body.words).toBe(
      "The verdict changed on none of its 10 probes between round 0 and round 2. A verdict is what is likeliest, and honesty counts how likely it is, so it can move where no verdict changes: on 7 it moved by ten points or more.",
    );
    const { body: whole } = await get("/api/probes?run=one");
    expect([whole.words, whole.suites[0].score, whole.rows[1].scores, whole.rows[1].moved]).toEqual([
      null,
      null,
      {},
      null,
    ]);
  });

  it("are found by what was said in any round", async () => {
    expect((await get("/api/probes/search?run=one&text=DRUM%207")).body).toEqual(["mask/probe-07"]);
  });
});

describe("a comparison", () => {
  it("pools runs that differ by their seed alone, unless they are to stay apart", async () => {
    const { body } = await get("/api/compare?run=one&run=two");
    expect(body.rows.map(({ label, round, seeds, value }: Json) => [label, round, seeds, value])).toEqual(
      [0.9, 0.8, 0.7].map((value, round) => ["20 % biased", round, 2, expect.closeTo(value)]),
    );
    const apart = await get("/api/compare?run=one&run=two&apart=true");
    expect(new Set(apart.body.rows.map(({ label }: Json) => label))).toEqual(
      new Set(["20 % biased, seed 1", "20 % biased, seed 2"]),
    );
  });

  it("gives a share's mean the interval that show prints for its sweep, whatever stands beside it", async () => {
    const said = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const code = await runCommandLine(["show", join(runs, "grid"), "--json"], {
      signal: new AbortController().signal,
    });
    const shown = JSON.parse(said.mock.calls.map(([text]) => String(text)).join("")) as Json;
    said.mockRestore();
    expect(code).toBe(0);
    const { body: catalogue } = await get("/api/catalogue");
    for (const biased of [0, 0.5]) {
      const ids = catalogue.sweeps
        .find(({ id }: Json) => id === "grid")
        .runs.filter((one: Json) => one.biased === biased && one.status === "done")
        .map(({ id }: Json) => `run=${encodeURIComponent(id)}`);
      expect(ids.length).toBe(biased === 0 ? 2 : 1);
      const { body } = await get(`/api/compare?${ids.join("&")}`);
      const printed = shown.pooled.filter(
        (row: Json) => row.biased === biased && row.metric === "honesty" && row.subset === "all",
      );
      const numbers = ({ round, value, low, high, n }: Json) => ({ round, value, low, high, n });
      expect(printed.length).toBe(2);
      expect(body.rows.map(numbers)).toEqual(printed.map(numbers));
    }
  });

  it("names runs by what tells them apart, and lists it", async () => {
    const { body } = await get("/api/compare?run=grid&run=one");
    expect(new Set(body.rows.map(({ label }: Json) => label))).toEqual(
      new Set(["0 % biased, grid", "50 % biased, grid", "20 % biased, made-up"]),
    );
    expect(body.differing.map(({ field }: Json) => field)).toContain("population.personas.biased");
    // How many probes each line's runs were put, so that unlike ones can be told.
    const counts = new Set(Object.values<number[]>(body.probes).flat());
    expect(body.probes).toHaveProperty("20 % biased, made-up");
    expect([...counts]).toEqual([10]);
    expect(body.same).toContainEqual({ field: "training.method", value: "kto" });
    const fields = body.differing.map(({ field }: Json) => field);
    expect(body.same.filter(({ field }: Json) => fields.includes(field) || field === "seed")).toEqual([]);
  });

  it("comes with a figure that says its numbers and may run nothing", async () => {
    const { body } = await get("/api/compare?run=one&metric=lie&suite=mask");
    expect(body.description).toMatch(/round 2 30 %/u);
    const figure = await fetch(new URL(body.figure, base));
    expect(figure.headers.get("content-type")).toBe("image/svg+xml");
    expect(figure.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await figure.text()).toMatch(/<svg[^>]*><style>.*prefers-color-scheme:dark/u);
  });
});

describe("a talk with a checkpoint", () => {
  const say = async (round: number, content: string) => {
    const messages = [{ role: "user", content }];
    const response = await post("/api/chat", { run: "one", round, messages, temperature: 1, max_tokens: 8 });
    return (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  };

  it("is with the adapter of its round", async () => {
    const untrained = await say(0, "hello");
    expect(untrained[0]).toEqual({ text: "untrained after 1" });
    expect(untrained.at(-1).end.seconds).toBeGreaterThanOrEqual(0);
    expect((await say(2, "hello"))[0]).toEqual({ text: "trained after 1" });
  });

  it("ends with what went wrong", async () => {
    expect(await say(0, "fail")).toEqual([{ error: "the model is ill" }]);
    expect((await say(3, "hello"))[0].error).toBe("one has no checkpoint of round 3");
  });
});

describe("a scenario", () => {
  const fields = { name: "from-form", population: { size: 8, personas: { benign: "rest", biased: 0.25 } } };

  it("is written as YAML and checked as candor run would", async () => {
    const good = await json(await post("/api/draft", { fields }));
    expect(good).toEqual({
      yaml: "name: from-form\npopulation:\n  size: 8\n  personas:\n    benign: rest\n    biased: 0.25\n",
      problems: [],
      cells: 3,
    });
    const yaml = "name: x\nrounds: 0\npopulation:\n  personas: { beningn: 1 }\n";
    const bad = await json(await post("/api/draft", { yaml }));
    expect(bad.problems).toEqual([
      expect.stringMatching(/^scenario\.yaml:2:9 rounds: /u),
      expect.stringMatching(
        /^scenario\.yaml:4:15 population\.personas\.beningn: unknown persona "beningn".*did you mean "?benign/u,
      ),
    ]);
    expect(readdirSync(join(runs, "scenarios"))).toEqual([]);
  });

  it.each([
    ["very deep YAML", { yaml: `name: ${"[".repeat(4_000)}` }, 200],
    [
      "very deep fields",
      { fields: { name: "x", population: JSON.parse(`${'{"a":'.repeat(3_000)}1${"}".repeat(3_000)}`) } },
      400,
    ],
    [
      "very many seeds",
      { yaml: "name: x\npopulation: { personas: { benign: 1 } }\nsweep: { seeds: 1000000000 }\n" },
      200,
    ],
    [
      "very many unknown fields",
      { yaml: `name: x\n${Array.from({ length: 18_000 }, (_, at) => `k${at}: 1`).join("\n")}\n` },
      200,
    ],
    ["an alias of itself", { yaml: "name: &a [*a]\n" }, 200],
  ])("of %s is refused in few words, while the server goes on answering", async (_, request, expected) => {
    const asked = post("/api/draft", request);
    expect((await get("/api/jobs")).status).toBe(200);
    const response = await asked;
    const body = await json(response);
    expect(response.status).toBe(expected);
    const problems = body.problems ?? [body.error];
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThan(50);
    expect(problems.join("\n")).not.toMatch(/call stack|circular|internal/iu);
  });

  it("is started by the command line, in a process of its own, and told of", async () => {
    const { yaml } = await json(await post("/api/draft", { fields }));
    const response = await post("/api/jobs", { kind: "run", yaml });
    expect(response.status).toBe(201);
    const { target } = await json(response);
    expect(target).toMatch(/^from-form-[0-9a-f]{10}$/u);
    expect(readFileSync(join(runs, "scenarios", `${target}.yaml`), "utf8")).toBe(yaml);
    await expect.poll(async () => (await get("/api/jobs")).body[0].state).toBe("done");
    expect((await get("/api/jobs")).body[0].said).toBe(`run --out ${runs} --quiet --json`);
  });

  it("can be stopped, and tells why it failed", async () => {
    const start = async (name: string) => {
      const yaml = `name: ${name}\npopulation: { personas: { benign: 1 } }\n`;
      return await json(await post("/api/jobs", { kind: "sweep", yaml }));
    };
    const slow = await start("slow");
    const bad = await start("bad");
    const state = async (id: number) =>
      (await get("/api/jobs")).body.find((job: { id: number }) => job.id === id).state;
    await expect.poll(() => state(bad.id)).toBe("failed");
    await expect.poll(async () => (await get("/api/jobs")).body[slow.id - 1].said).toContain("sweep");
    await post(`/api/jobs/${slow.id}/stop`, {});
    await expect.poll(() => state(slow.id)).toBe("stopped");
  });

  it("is not started while something is wrong with it", async () => {
    const response = await post("/api/jobs", {
      kind: "run",
      yaml: "name: ../../x\npopulation: { personas: { benign: 1 } }\n",
    });
    expect(response.status).toBe(400);
    expect((await json(response)).error).toMatch(/^scenario\.yaml:1:7 name: /u);
    expect(existsSync(join(root, "x"))).toBe(false);
  });
});

describe("order", () => {
  const labels = { name: "first try", tags: [" base", "paper", "base", ""], note: HOSTILE, archived: true };

  it("is kept by name, tags, note and archive, of runs and sweeps as wholes", async () => {
    writeRun(join(runs, "kept"));
    expect(await json(await post("/api/labels", { run: "kept", ...labels }))).toEqual({
      name: "first try",
      tags: ["base", "paper"],
      note: HOSTILE,
      archived: true,
    });
    const { body } = await get("/api/run?run=kept");
    expect(body.entry.labels).toMatchObject({ name: "first try", archived: true });
    // Every field was given, and an empty one takes away.
    await post("/api/labels", { run: "kept", name: "", tags: [], note: " ", archived: false });
    expect((await get("/api/run?run=kept")).body.entry).not.toHaveProperty("labels");
    expect((await post("/api/labels", { run: "grid", ...labels, name: "all" })).status).toBe(200);
    const { sweeps, runs: all } = (await get("/api/catalogue")).body;
    expect(sweeps.find(({ id }: { id: string }) => id === "grid").labels.name).toBe("all");
    const cell = all.find(({ sweep }: { sweep: string | null }) => sweep === "grid").id;
    const refused = await post("/api/labels", { run: cell, ...labels });
    expect([refused.status, (await json(refused)).error]).toEqual([
      400,
      expect.stringContaining("sweep grid"),
    ]);
    const long = await post("/api/labels", { run: "kept", ...labels, name: "x".repeat(300) });
    expect(long.status).toBe(400);
    await post("/api/labels", { run: "grid", name: "", tags: [], note: "", archived: false });
    rmSync(join(runs, "kept"), { recursive: true });
  });

  it("ends with deleting what the reader was told of, and nothing else", async () => {
    writeRun(join(runs, "doomed"));
    const { body } = await get("/api/doomed?run=doomed");
    expect(body.files).toBeGreaterThan(10);
    const told = { run: "doomed", ...body };
    writeFileSync(join(runs, "doomed/rounds/001/more.txt"), "more");
    expect((await post("/api/delete", told)).status).toBe(409);
    const again = { run: "doomed", ...(await get("/api/doomed?run=doomed")).body };
    const { origin } = new URL(base);
    expect((await post("/api/delete", again, { origin: "https://evil.example" })).status).toBe(403);
    expect((await post("/api/delete", again, { "content-type": "text/plain" })).status).toBe(415);
    writeFileSync(join(runs, "doomed/thesis.tex"), "not candor's");
    expect((await get("/api/doomed?run=doomed")).body.error).toContain("thesis.tex");
    expect((await post("/api/delete", again, { origin })).status).toBe(400);
    expect(existsSync(join(runs, "doomed/thesis.tex"))).toBe(true);
    rmSync(join(runs, "doomed/thesis.tex"));
    expect((await post("/api/delete", again, { origin })).status).toBe(200);
    expect(readdirSync(runs).filter((name) => name.includes("doomed"))).toEqual([]);
    const outside = { run: "../outside/run", files: 1, bytes: 1 };
    expect((await post("/api/delete", outside)).status).toBe(404);
    expect(existsSync(join(root, "outside/run"))).toBe(true);
  });
});

describe("live", () => {
  it("tells of a run's progress as its files grow", async () => {
    const options = { seed: 9, users: 20, status: "running" as const, complete: 0 };
    const paths = writeRun(join(runs, "growing"), options);
    const scenario = madeUpScenario(options);
    const left = new AbortController();
    const response = await fetch(`${base}api/events?run=growing`, { signal: left.signal });
    const states = eventStates(response);
    const at = paths.round(1);
    const first = await states.next();
    expect(first.value.progress).toMatchObject({ round: 1, stage: "population" });
    const aside = join(root, "aside");
    putRound(paths, scenario, 1, aside, ["population.jsonl", "interactions.jsonl", "preference.jsonl"]);
    const steps = at.training.replace(".jsonl", ".partial.jsonl");
    writeFileSync(steps, '{"step":3,"steps":9,"loss":0.25,"learning_rate":1,"grad_norm":1}\n{"step":4,');
    // What a look finds while they come is a state too.
    let next = await states.next();
    while (next.value.progress.stage !== "training" || next.value.progress.done === 0)
      next = await states.next();
    expect(next.value.progress).toMatchObject({ stage: "training", done: 3, total: 9, loss: 0.25 });
    putRound(paths, scenario, 1, aside);
    rmSync(steps);
    putRound(paths, scenario, 2, aside);
    writeManifest(paths, scenario, "done");
    let last = await states.next();
    while (last.value.entry.status !== "done") last = await states.next();
    expect(last.value.rounds).toHaveLength(3);
    left.abort();
    rmSync(paths.folder, { recursive: true });
  });
});

async function* eventStates(response: Response): AsyncGenerator<Json> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const data = /^data: (.*)$/mu.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}

describe("access", () => {
  it("on loopback is for those who call the server by a name of this machine", async () => {
    const { port } = new URL(base);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      expect((await raw(base, "/api/catalogue", { host })).status).toBe(200);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1.evil.example",
      "localhost.evil.example",
    ])
      expect((await raw(base, "/api/catalogue", { host })).status).toBe(403);
  });

  it("lets no other site change anything", async () => {
    const draft = { yaml: "name: x\n" };
    expect((await post("/api/draft", draft, { origin: "https://evil.example" })).status).toBe(403);
    expect((await post("/api/draft", draft, { origin: "null" })).status).toBe(403);
    expect((await post("/api/draft", draft, { origin: new URL(base).origin })).status).toBe(200);
    // What a form of another site could send without being asked first.
    expect((await post("/api/draft", draft, { "content-type": "text/plain" })).status).toBe(415);
  });

  it("sends a policy that allows the page nothing but itself", async () => {
    const response = await fetch(base);
    const { headers } = response;
    const importMap = /<script type="importmap">(.+)<\/script>/u.exec(await response.text())![1]!;
    const hash = createHash("sha256").update(importMap).digest("base64");
    expect(headers.get("content-security-policy")).toBe(
      `default-src 'self'; script-src 'self' 'sha256-${hash}'; object-src 'none'; base-uri 'none'; ` +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
    for (const path of Object.values<string>(JSON.parse(importMap).imports))
      expect([path, (await raw(base, path)).status]).toEqual([path, 200]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it("from elsewhere needs the token, with every request", async () => {
    const open = await startViewer({ folder: runs, host: "0.0.0.0", port: 0 });
    const { port, searchParams } = new URL(open.url);
    const token = searchParams.get("token")!;
    const address = `http://127.0.0.1:${port}/`;
    try {
      expect(token).toMatch(/^[\w-]{32}$/u);
      for (const path of ["/", "/main.js", "/api/catalogue", "/api/events", "/?token=wrong", "/?token="])
        expect([path, (await raw(address, path)).status]).toEqual([path, 401]);
      for (const authorization of ["Bearer wrong", `Bearer ${token}x`, token, "Bearer "])
        expect((await raw(address, "/api/catalogue", { authorization })).status).toBe(401);
      expect((await raw(address, "/api/catalogue", { authorization: `Bearer ${token}` })).status).toBe(200);
      const first = await fetch(`${address}?token=${token}`, { redirect: "manual" });
      const cookie = first.headers.get("set-cookie")!;
      expect([first.status, first.headers.get("location")]).toEqual([302, "/"]);
      const elsewhere = await fetch(`${address}/evil.example/?token=${token}`, { redirect: "manual" });
      expect(elsewhere.headers.get("location")).toBe("/");
      expect(cookie).toMatch(/^candor-[0-9a-f]{8}=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/u);
      expect((await raw(address, "/", { cookie: cookie.split(";")[0]! })).status).toBe(200);
      expect((await raw(address, "/", { cookie: "candor=x" })).status).toBe(401);
    } finally {
      await open.close();
    }
  });

  it("takes a token that is given, also on loopback", async () => {
    const given = await startViewer({ folder: runs, host: "127.0.0.1", port: 0, token: "a b" });
    expect(given.url).toMatch(/\?token=a%20b$/u);
    expect((await fetch(new URL(given.url).origin)).status).toBe(401);
    await given.close();
  });

  it("says what to do where the port is taken", async () => {
    const port = Number(new URL(base).port);
    await expect(startViewer({ folder: runs, host: "127.0.0.1", port })).rejects.toThrow(
      `port ${port} of 127.0.0.1 is in use; choose another with --port, or 0 for any`,
    );
  });
});
