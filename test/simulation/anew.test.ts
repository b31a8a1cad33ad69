import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { doomedIn, label, labelsIn } from "../../src/runs/index.js";
import { type RunEvent, type RunOptions, run } from "../../src/simulation/index.js";
import { playedBy, tinyScenario } from "./world.js";

const newFolder = () => join(mkdtempSync(join(tmpdir(), "candor-anew-")), "run");

/** A run with prompts of its own, which can be changed as a module is mended. */
function world() {
  const loaded = tinyScenario("prompts=own.yaml", "rounds=2");
  const prompts = (words: string) =>
    writeFileSync(join(loaded.path, "../own.yaml"), `assistant: "${words}"\n`);
  prompts("You help.");
  const folder = newFolder();
  const events: RunEvent[] = [];
  const play = (more: Partial<RunOptions> = {}) =>
    run(loaded.scenario, { ...playedBy(loaded, folder), onEvent: (event) => events.push(event), ...more });
  const failing = (failed: number): Partial<RunOptions> => {
    const { trainer } = playedBy(loaded, folder);
    let trained = 0;
    return {
      trainer: async (job) => {
        trained += 1;
        if (trained === failed) throw new Error("my mistake");
        return await trainer!(job);
      },
    };
  };
  const fresh = async () => {
    const { observations } = await run(loaded.scenario, playedBy(loaded, newFolder()));
    return observations;
  };
  const notices = () => events.flatMap((event) => (event.type === "notice" ? [event.text] : []));
  return { folder, prompts, play, failing, fresh, notices };
}

const REFUSED =
  /was begun with other contents of prompts own\.yaml; going on would mix the two\. Give the run's command again with --anew to play it from the start \(what it holds is deleted\), choose another folder with --out, or put the files back as they were$/u;

describe("a run that was begun with other files", () => {
  it("begins anew by itself where it failed before its first training, and keeps no number of before", async () => {
    const { folder, prompts, play, failing, fresh, notices } = world();
    await expect(play(failing(1))).rejects.toThrow("my mistake");
    const talks = () => readFileSync(join(folder, "rounds/001/interactions.jsonl"), "utf8");
    expect(talks()).toContain("You help.");
    await label(folder, (labels) => ({ ...labels, note: "mine" }));
    prompts("You help, mended.");
    const { observations } = await play();
    expect(observations).toEqual(await fresh());
    expect(talks()).toContain("You help, mended.");
    expect(talks()).not.toContain("You help.");
    expect(notices()).toContain(
      "what had been played with other contents of prompts own.yaml is deleted, and begun anew",
    );
    // What people wrote to it stays, and the log tells of both.
    expect(await labelsIn(folder)).toMatchObject({ note: "mine" });
    expect(readFileSync(join(folder, "run.log"), "utf8")).toContain("my mistake");
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("is refused where a round of training is complete, until it is said to be played anew", async () => {
    const { folder, prompts, play, failing, fresh } = world();
    await expect(play(failing(2))).rejects.toThrow("my mistake");
    prompts("You help, mended.");
    await expect(play()).rejects.toThrow(REFUSED);
    // Nothing is lost by asking, and with the files as they were it goes on.
    expect(existsSync(join(folder, "rounds/001/round.json"))).toBe(true);
    prompts("You help.");
    await play();
    prompts("You help, mended.");
    await expect(play()).rejects.toThrow(REFUSED);
    // Broken off while it was cleared: what is left is found, and is in nobody's way.
    mkdirSync(join(folder, ".deleted-rounds-4711"));
    expect((await doomedIn(folder)).files).toBeGreaterThan(0);
    expect((await play({ anew: true })).observations).toEqual(await fresh());
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("begins anew where it was stopped before any round was complete, and not where one is", async () => {
    const { folder, prompts, play } = world();
    const controller = new AbortController();
    const stop = (event: RunEvent) => event.type === "round" && controller.abort(new Error("stopped"));
    await expect(play({ signal: controller.signal, onEvent: stop })).rejects.toThrow("stopped");
    prompts("You help, mended.");
    await expect(play()).rejects.toThrow(REFUSED);
    rmSync(join(folder, "rounds/000/round.json"));
    await play();
  });

  it("plays nothing anew of which no file has changed", async () => {
    const { folder, play } = world();
    await play();
    const before = readFileSync(join(folder, "rounds/001/round.json"), "utf8");
    await play({ anew: true });
    expect(readFileSync(join(folder, "rounds/001/round.json"), "utf8")).toBe(before);
  });
});
