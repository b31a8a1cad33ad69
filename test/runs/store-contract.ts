import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DamagedFile, indexStore, openRunFolder, type RunFolder } from "../../src/runs/index.js";
import { tinyScenario } from "../simulation/world.js";

/** A part of a round's folder, as whoever plays the round is given it, with what may stand in it. */
type Part = { path: string };
export type LinesPart<T> = {
  open: (round: ReturnType<RunFolder["round"]>) => Part & {
    read: () => Promise<T[] | undefined>;
    isFinished: () => boolean;
    keep: (make: () => Promise<readonly T[]>) => Promise<readonly T[]>;
    keepGrowing: (
      key: (value: T) => string,
      make: (done: ReadonlyMap<string, T>, add: (value: T) => Promise<void>) => Promise<readonly T[]>,
    ) => Promise<readonly T[]>;
    index: ReturnType<RunFolder["round"]>["probes"]["index"];
  };
  /** Three different ones. */
  values: readonly [T, T, T];
};
export type JsonPart<T> = {
  open: (round: ReturnType<RunFolder["round"]>) => Part & {
    read: () => Promise<T | undefined>;
    write: (value: T) => Promise<void>;
  };
  /** Two different ones. */
  values: readonly [T, T];
};

const { scenario } = tinyScenario("rounds=2");

/** A round that has begun in a run's folder of its own; `again` opens it as another process does. */
export async function begun() {
  const folder = mkdtempSync(join(tmpdir(), "candor-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const open = (number = 1) => openRunFolder(folder, { scenario, hash: "0123456789" }).round(number);
  const round = open();
  await round.begin();
  return { folder, round, again: open };
}

const damaged = async (look: Promise<unknown>): Promise<string> =>
  await look.then(
    () => "nothing was thrown",
    (error: unknown) => (error instanceof DamagedFile ? error.message : `no DamagedFile: ${error}`),
  );

function flip(path: string): void {
  const bytes = readFileSync(path);
  // In the middle of a word, where JSON stays JSON.
  const at = bytes.indexOf("truth");
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}

/** What every part of a round that is lines is held to. Its values must say `truth` somewhere. */
export function linesContract<T>({ open, values }: LinesPart<T>): void {
  test("is there when it is finished, and made once", async () => {
    const { round, again } = await begun();
    const part = open(round);
    expect([await part.read(), part.isFinished()]).toEqual([undefined, false]);
    expect(await part.keep(async () => values)).toEqual(values);
    expect(part.isFinished()).toBe(true);
    for (const one of [part, open(again())]) {
      expect(await one.read()).toEqual(values);
      expect(await one.keep(() => Promise.reject(new Error("made twice")))).toEqual(values);
    }
    await again().verify();
  });

  test("leaves nothing of what was not finished", async () => {
    const { round } = await begun();
    const before = readdirSync(round.paths.folder);
    await expect(open(round).keep(() => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
    expect(readdirSync(round.paths.folder)).toEqual(before);
    expect(await open(round).read()).toBeUndefined();
  });

  test("grows by what comes, goes on after an interruption, and keeps its maker's order", async () => {
    const { round, again } = await begun();
    const key = (value: T): string => JSON.stringify(value);
    const [first, second, third] = values;
    const stopped = open(round).keepGrowing(key, async (_done, add) => {
      await add(third);
      await add(first);
      throw new Error("stopped");
    });
    await expect(stopped).rejects.toThrow("stopped");
    expect(await open(again()).read()).toBeUndefined();
    const kept = await open(again()).keepGrowing(key, async (done, add) => {
      expect([...done.values()]).toEqual([third, first]);
      await add(second);
      return values;
    });
    expect(kept).toEqual(values);
    expect(await open(again()).read()).toEqual(values);
    const { path } = open(round);
    const beside = readdirSync(round.paths.folder).filter((name) => name.includes("partial"));
    expect([readFileSync(path, "utf8").split("\n").length, beside]).toEqual([values.length + 1, []]);
  });

  test("gives any of its lines by number, while it grows and after", async () => {
    const { round, again } = await begun();
    const linesOf = async (): Promise<number | undefined> =>
      (await open(again()).index(indexStore(), (line) => JSON.parse(line.toString("utf8")) as T))?.items
        .length;
    expect(await linesOf()).toBeUndefined();
    await open(round).keepGrowing(
      (value) => JSON.stringify(value),
      async (_done, add) => {
        await add(values[0]);
        expect(await linesOf()).toBe(1);
        return values;
      },
    );
    expect(await linesOf()).toBe(values.length);
  });

  test.for<[string, (path: string) => void, RegExp]>([
    ["a bit flipped", flip, /is not what was written|is damaged/u],
    [
      "a line less",
      (path) => writeFileSync(path, lines(path).slice(1).join("\n")),
      /lines? where 3 were written/u,
    ],
    [
      "a line that is no JSON",
      (path) => writeFileSync(path, lines(path).with(1, "{").join("\n")),
      /is damaged/u,
    ],
    ["nothing in it", (path) => writeFileSync(path, ""), /has 0 lines where 3 were written/u],
  ])("refuses a file with %s, by its name", async ([_what, damage, message]) => {
    const { round, again } = await begun();
    await open(round).keep(async () => values);
    const { path } = open(round);
    damage(path);
    const said = await damaged(open(again()).read());
    expect(said).toContain(basename(path));
    expect(said).toMatch(message);
    expect(await damaged(again().verify())).toContain(basename(path));
  });

  isVouchedFor(open, async (part) => void (await part.keep(async () => values)));

  test("is missed where it is gone, once something was finished after it", async () => {
    const { round, again } = await begun();
    await open(round).keep(async () => values);
    await round.defences.write({ counts: [] });
    rmSync(open(round).path);
    expect(await damaged(open(again()).read())).toContain("is missing");
  });
}

function isVouchedFor<P extends Part & { read: () => Promise<unknown> }>(
  open: (round: ReturnType<RunFolder["round"]>) => P,
  write: (part: P) => Promise<void>,
): void {
  test("refuses one that nothing vouches for, such as another round's", async () => {
    const { round, again } = await begun();
    await write(open(round));
    await again(2).begin();
    renameSync(open(round).path, open(again(2)).path);
    expect(await damaged(open(again(2)).read())).toContain(
      "is not among the files that this round has finished",
    );
  });
}

const lines = (path: string): string[] => readFileSync(path, "utf8").split("\n");

/** What every part of a round that is one object is held to. Its values must say `truth` somewhere. */
export function jsonContract<T extends object>({ open, values }: JsonPart<T>): void {
  const [value, later] = values;

  test("is what was written, for another process too, and nothing before", async () => {
    const { round, again } = await begun();
    expect(await open(round).read()).toBeUndefined();
    await open(round).write(value);
    for (const one of [round, again()]) expect(await open(one).read()).toEqual(value);
    await again().verify();
  });

  test.for<[string, (path: string) => void]>([
    ["a bit flipped", flip],
    ["no JSON", (path) => writeFileSync(path, "{")],
    ["a list", (path) => writeFileSync(path, "[]\n")],
    ["nothing in it", (path) => writeFileSync(path, "")],
  ])("refuses a file with %s, by its name", async ([_what, damage]) => {
    const { round, again } = await begun();
    await open(round).write(value);
    damage(open(round).path);
    expect(await damaged(open(again()).read())).toContain(basename(open(round).path));
  });

  test("is what was written last, and refuses what was written before in its place", async () => {
    const { round, again } = await begun();
    await open(round).write(value);
    const before = readFileSync(open(round).path);
    await open(round).write(later);
    expect(await open(again()).read()).toEqual(later);
    writeFileSync(open(round).path, before);
    expect(await damaged(open(again()).read())).toContain("is not what was written");
  });

  isVouchedFor(open, (part) => part.write(value));

  test("is missed where it is gone, once something was finished after it", async () => {
    const { round, again } = await begun();
    await open(round).write(value);
    await round.canary.keep(async () => []);
    rmSync(open(round).path);
    expect(await damaged(open(again()).read())).toContain("is missing");
  });
}
