import { mkdirSync, rmSync } from "node:fs";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import type { RoundSummary } from "../../src/runs/index.js";
import type { LoadedScenario } from "../../src/scenario/index.js";
import { type RunEvent, type RunOptions, run } from "../../src/simulation/index.js";
import type { Trainer } from "../../src/training/types.js";
import { FakeModel } from "../fakes/model.js";
import { fakeTrainer, playedBy, tinyScenario } from "./world.js";

const newFolder = async () => join(await mkdtemp(join(tmpdir(), "candor-run-")), "run");

async function play(loaded: LoadedScenario, more: Partial<RunOptions> = {}) {
  const folder = more.folder ?? (await newFolder());
  const result = await run(loaded.scenario, { ...playedBy(loaded, folder), ...more, folder });
  return { ...result, files: await contents(folder) };
}

/** Every file of a run that must not depend on when and how often it was started. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && !/run\.(log|json)$|round\.json$/.test(entry.name),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [relative(folder, path), await readFile(path, "utf8")])),
  );
}

describe("run", () => {
  it("leaves every step of every round on disk", async () => {
    const { files, observations, folder } = await play(tinyScenario());
    const round = (number: string) =>
      ["interactions", "population", "preference", "probes", "training"].map(
        (name) => `rounds/${number}/${name}.jsonl`,
      );
    expect(Object.keys(files)).toEqual([
      "checkpoints/001/obliging",
      "checkpoints/002/obliging",
      "checkpoints/003/obliging",
      "drift.csv",
      "drift.json",
      "rounds/000/probes.jsonl",
      ...round("001"),
      ...round("002"),
      ...round("003"),
    ]);
    expect(files["rounds/002/interactions.jsonl"]!.trim().split("\n")).toHaveLength(12);
    expect(files["rounds/002/training.jsonl"]!.trim().split("\n")).toHaveLength(3);
    expect(observations[0]).toMatchObject({ biased: 0.5, biased_realized: 0.5, round: 0, suite: "mask" });
    expect(JSON.parse(await readFile(join(folder, "run.json"), "utf8"))).toMatchObject({
      status: "done",
      seed: 1,
    });
  });

  it("says why it failed, and not that its log cannot tell of that", async () => {
    const folder = await newFolder();
    const onEvent = (event: RunEvent): void => {
      if (event.type !== "progress") return;
      const log = join(folder, "run.log");
      rmSync(log, { recursive: true });
      mkdirSync(log);
      throw new Error("a disk is full");
    };
    await expect(play(tinyScenario(), { folder, onEvent })).rejects.toThrow("a disk is full");
    expect(await readdir(folder)).toContain("run.json");
  });

  it("counts what was broken off at max_tokens, warns of it, and trains on none of it", async () => {
    const loaded = tinyScenario("rounds=1");
    const notices: string[] = [];
    const { files, folder } = await play(loaded, {
      onEvent: (event) => void (event.type === "notice" && notices.push(event.text)),
      resolveModel: async (spec, options) => {
        const model = await playedBy(loaded, "").resolveModel!(spec, options);
        if (options.role !== "assistant") return model;
        return new FakeModel(async (messages) => {
          const { text } = await model.invoke(messages.map(({ role, content }) => [role, content]));
          return text === "flattery" ? { text: "flatt", finish: "length" } : { text, finish: "stop" };
        });
      },
    });
    const round = JSON.parse(await readFile(join(folder, "rounds/001/round.json"), "utf8")) as RoundSummary;
    const talks = files["rounds/001/interactions.jsonl"]!;
    const broken = talks.match(/"content":"flatt"/g)!.length;
    expect(round.cut).toMatchObject({ replies: { cut: broken, of: 24 }, turns: { cut: 0, of: 12 } });
    const base = JSON.parse(await readFile(join(folder, "rounds/000/round.json"), "utf8")) as RoundSummary;
    expect(base.cut).toMatchObject({
      replies: { cut: 0, of: 0 },
      probes: { cut: files["rounds/000/probes.jsonl"]!.match(/"reply":"flatt","cut":true/g)!.length },
    });
    const rows = files["rounds/001/preference.jsonl"]!.trim().split("\n");
    expect(rows.filter((row) => /"completion":.*flatt/.test(row))).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
    const log = await readFile(join(folder, "run.log"), "utf8");
    expect(log).toContain("broken off: raise interaction.max_tokens");
    expect(log).toContain("broken off: raise evaluation.max_tokens");
    expect(log).not.toContain("turns of users");
    expect(notices).toContain(
      "more than one in twenty of the assistant's replies (which are then not trained on) were broken off: raise interaction.max_tokens",
    );
  });

  it("does not ask for more tokens where a server's filter ended the replies", async () => {
    const loaded = tinyScenario("rounds=1");
    const notices: string[] = [];
    const { folder } = await play(loaded, {
      onEvent: (event) => void (event.type === "notice" && notices.push(event.text)),
      resolveModel: async (spec, options) =>
        options.role === "assistant"
          ? new FakeModel(async () => ({ text: "i can", finish: "content_filter" }))
          : await playedBy(loaded, "").resolveModel!(spec, options),
    });
    const round = JSON.parse(await readFile(join(folder, "rounds/001/round.json"), "utf8")) as RoundSummary;
    expect(round.cut!.replies).toEqual({ cut: 24, filtered: 24, of: 24 });
    expect(round.cut!.probes.filtered).toBe(round.cut!.probes.cut);
    const told = new Set(notices.filter((text) => text.includes("broken off")));
    expect(told.size).toBe(2);
    for (const text of told)
      expect(text).toMatch(/: the server's filter \(content_filter\) ends replies, whatever their length$/u);
  });

  it("says at once where there is nothing to learn from: a curve of the untrained model looked like one without drift", async () => {
    const loaded = tinyScenario("rounds=1");
    const notices: string[] = [];
    await play(loaded, {
      onEvent: (event) => void (event.type === "notice" && notices.push(event.text)),
      resolveModel: async (spec, options) =>
        options.role === "assistant"
          ? new FakeModel(async () => ({ text: "cut", finish: "length" }))
          : await playedBy(loaded, "").resolveModel!(spec, options),
    });
    expect(notices).toContain("round 1: nothing to learn from, so the assistant stays as it is");
  });

  it("gives the same bytes for the same seed, and others for another", async () => {
    const loaded = tinyScenario();
    const first = await play(loaded);
    expect((await play(loaded)).files).toEqual(first.files);
    const other = await play({ ...loaded, scenario: { ...loaded.scenario, seed: 2 } });
    expect(other.files["rounds/001/interactions.jsonl"]).not.toBe(
      first.files["rounds/001/interactions.jsonl"],
    );
  });

  it("gives the same bytes wherever it was interrupted", async () => {
    const loaded = tinyScenario();
    const whole = await play(loaded);
    const events: RunEvent[] = [];
    await play(loaded, { onEvent: (event) => events.push(event) });
    for (let stop = 1; stop < events.length; stop += 8) {
      const folder = await newFolder();
      const controller = new AbortController();
      let seen = 0;
      const onEvent = () => {
        seen += 1;
        if (seen === stop) controller.abort(new Error("interrupted"));
      };
      const interrupted = await play(loaded, { folder, onEvent, signal: controller.signal }).then(
        () => false,
        (error: Error) => error.message === "interrupted",
      );
      // Stopped after the last thing to do, a run is done.
      expect(interrupted || stop > events.length - 10, `stopped at event ${stop}`).toBe(true);
      const { status } = JSON.parse(await readFile(join(folder, "run.json"), "utf8"));
      expect(status).toBe(interrupted ? "interrupted" : "done");
      expect((await play(loaded, { folder })).files, `stopped at event ${stop}`).toEqual(whole.files);
    }
  });

  it("clears away what a kill left half written", async () => {
    const loaded = tinyScenario();
    const first = await play(loaded);
    for (const name of [
      "drift.csv.1234567",
      "rounds/001/population.jsonl.99",
      "checkpoints/001/x.safetensors.42.tmp",
    ]) {
      await writeFile(join(first.folder, name), "half");
    }
    expect((await play(loaded, { folder: first.folder })).files).toEqual(first.files);
  });

  it("does nothing again that is done", async () => {
    const loaded = tinyScenario();
    const first = await play(loaded);
    const never = async (): Promise<never> => {
      throw new Error("asked for again");
    };
    const again = await play(loaded, {
      folder: first.folder,
      resolveModel: () => Promise.resolve({} as never),
      trainer: never,
    });
    expect(again.files).toEqual(first.files);
  });

  it("trains every n rounds on all rows since, and evaluates as the scenario says", async () => {
    const calls: { rows: number; adapter: string | null; output: string }[] = [];
    const trainer: Trainer = async (request) => {
      const short = (path: string | null) => path?.split("/").at(-1) ?? null;
      calls.push({
        rows: request.data.rows.length,
        adapter: short(request.adapter),
        output: short(request.output)!,
      });
      return await fakeTrainer(request);
    };
    const loaded = tinyScenario("rounds=5", "training.every=2", "evaluation.every=3");
    const { files } = await play(loaded, { trainer });
    expect(calls).toEqual([
      { rows: 24, adapter: null, output: "002" },
      { rows: 24, adapter: "002", output: "004" },
    ]);
    expect(Object.keys(files).filter((path) => path.endsWith("probes.jsonl"))).toEqual(
      ["000", "003", "005"].map((round) => `rounds/${round}/probes.jsonl`),
    );
    calls.length = 0;
    await play(tinyScenario("rounds=2", "training.start_from=initial"), { trainer });
    expect(calls.map(({ adapter }) => adapter)).toEqual([null, null]);
  });

  it("fails, and says where to look, if no interaction can be used", async () => {
    const loaded = tinyScenario();
    const options = playedBy(loaded, await newFolder());
    let models = 0;
    const resolveModel: RunOptions["resolveModel"] = async (spec, rest) => {
      models += 1;
      const model = await options.resolveModel!(spec, rest);
      // User and rater are asked for first.
      if (models === 1) model._generate = () => Promise.reject(new Error("no such key"));
      return model;
    };
    await expect(run(loaded.scenario, { ...options, resolveModel })).rejects.toThrow(
      /none of the 12 interactions can be used; the first: user, exchange 2: .*no such key.*interactions\.jsonl/,
    );
  });

  it("refuses a folder of another scenario, of other inputs, or in use", async () => {
    const loaded = tinyScenario();
    const { folder } = await play(loaded);
    const other = { ...loaded, scenario: { ...loaded.scenario, seed: 9 } };
    await expect(play(other, { folder })).rejects.toThrow(/holds another run/);
    const elsewhere = tinyScenario();
    const probes = join(elsewhere.path, "../probes/tiny/mask.jsonl");
    await writeFile(probes, `${await readFile(probes, "utf8")}\n`);
    await expect(play({ ...elsewhere, scenario: loaded.scenario }, { folder })).rejects.toThrow(
      /other contents of probes of mask/,
    );
    const named = tinyScenario("prompts=own.yaml");
    const prompts = join(named.path, "../own.yaml");
    await writeFile(prompts, 'assistant: "You help, bluntly."\n');
    const { folder: blunt } = await play(named);
    const [first] = (await readFile(join(blunt, "rounds/001/interactions.jsonl"), "utf8")).split("\n");
    expect(JSON.parse(first!).messages[0].content).toBe("You help, bluntly.");
    await writeFile(prompts, 'assistant: "You help."\n');
    await expect(play(named, { folder: blunt })).rejects.toThrow(/other contents of prompts own.yaml/);
    const busy = await newFolder();
    const both = await Promise.allSettled([play(loaded, { folder: busy }), play(loaded, { folder: busy })]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
