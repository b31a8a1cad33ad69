import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { DamagedFile } from "../../src/runs/index.js";
import { run } from "../../src/simulation/index.js";
import { FakeModel } from "../fakes/model.js";
import { playedBy, tinyScenario } from "../simulation/world.js";

const world = mkdtempSync(join(tmpdir(), "candor-damage-"));
const loaded = tinyScenario("rounds=2");
const [done, stopped] = [join(world, "done"), join(world, "stopped")];

/** What becomes of the bytes of a file; `other`: those of the same file in another place. */
const DAMAGES: Record<string, (bytes: Buffer, other: Buffer) => Buffer | null> = {
  "without its last line": (bytes) => bytes.subarray(0, bytes.lastIndexOf(10, bytes.length - 2) + 1),
  "without its last byte": (bytes) => bytes.subarray(0, -1),
  empty: () => Buffer.alloc(0),
  "with a bit flipped": (bytes) => {
    const flipped = Buffer.from(bytes);
    // In the middle of a word, where JSON stays JSON.
    const at = bytes.indexOf("truth") >= 0 ? bytes.indexOf("truth") : Math.floor(bytes.length / 2);
    flipped[at]! ^= 1;
    return flipped;
  },
  "with null for a line": (bytes) => Buffer.from(bytes.toString().split("\n").with(0, "null").join("\n")),
  "that is another's": (_bytes, other) => other,
  gone: () => null,
};

beforeAll(async () => {
  await run(loaded.scenario, playedBy(loaded, done));
  const stop = new AbortController();
  const aborted = new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
  const options = playedBy(loaded, stopped);
  const playing = run(loaded.scenario, {
    ...options,
    signal: stop.signal,
    resolveModel: async (spec, more) => {
      const model = await options.resolveModel!(spec, more);
      if (!more.adapter?.endsWith("002")) return model;
      // Half of the last evaluation's probes are answered, the others not in time.
      return new FakeModel(async (messages) => {
        if (/[4-7]$/u.test(messages.at(-1)!.content))
          await aborted.then(() => Promise.reject(new Error("late")));
        return (await model.invoke(messages.map(({ role, content }) => [role, content]))).text;
      });
    },
    onEvent: (event) => {
      if (event.type === "progress" && event.round === 2 && event.stage === "evaluation" && event.done === 4)
        stop.abort(new Error("stopped"));
    },
  });
  await expect(playing).rejects.toThrow("stopped");
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The same file of another round, or of another run. */
function otherOf(folder: string, path: string): Buffer {
  const swapped = path.replace("/001/", "/00x/").replace("/002/", "/001/").replace("/00x/", "/002/");
  const other = join(folder, swapped === path ? "run.json" : swapped);
  return readFileSync(statSync(other, { throwIfNoEntry: false }) ? other : join(folder, "run.json"));
}

/** Damages a file of a copy and lets the run go on. */
async function goOn(original: string, path: string, damage: (typeof DAMAGES)[string]) {
  const folder = mkdtempSync(join(world, "copy-"));
  cpSync(original, folder, { recursive: true });
  const before = readFileSync(join(folder, path));
  const after = damage(before, otherOf(folder, path));
  if (after === null) rmSync(join(folder, path));
  else writeFileSync(join(folder, path), after);
  const left = filesIn(folder);
  const error = await run(loaded.scenario, playedBy(loaded, folder)).then(
    () => null,
    (thrown: Error) => thrown,
  );
  return { folder, error, left, isChanged: after === null || !after.equals(before) };
}

describe.each(Object.entries(DAMAGES))("a finished file %s", (kind, damage) => {
  it("is refused by name when the run goes on, and nothing is written", async () => {
    const expected = readFileSync(join(done, "drift.csv"), "utf8");
    for (const [original, names] of [
      [done, filesIn(done).filter((name) => /^(?:rounds|checkpoints|run\.json)/u.test(name))],
      [stopped, filesIn(stopped).filter((name) => /^(?:rounds|checkpoints|run\.json)/u.test(name))],
    ] as const) {
      expect(names.length).toBeGreaterThan(10);
      for (const name of names) {
        const partial = name.includes(".partial.");
        // A kill leaves a partial file like these; its last line is then made again.
        if (partial && /last|empty|gone/u.test(kind)) continue;
        // Its value is whole.
        if (name.endsWith(".json") && kind === "without its last byte") continue;
        const { folder, error, left, isChanged } = await goOn(original, name, damage);
        const where = `${name} ${kind}`;
        if (!isChanged) continue;
        // Without it there is no run, and so it begins.
        if (name === "run.json" && kind === "gone") continue;
        expect(error, where).toBeInstanceOf(DamagedFile);
        const records = kind === "gone" && /(?:round|sealed)\.json$/u.test(name);
        expect(error!.message, where).toContain(join(folder, records ? dirname(name) : name));
        if (records) expect(error!.message, where).toContain(basename(name));
        expect(error!.message.split("\n"), where).toHaveLength(1);
        expect(error!.message, where).toMatch(/put it back, or delete /u);
        expect(filesIn(folder), where).toEqual(left);
        if (original === done) expect(readFileSync(join(folder, "drift.csv"), "utf8"), where).toBe(expected);
      }
    }
  });
});
