import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { indexStore, LineIndex, skimInteraction, skimProbe, skimRow } from "../../src/runs/index.js";
import { jsonl } from "../viewer/folder.js";

const folder = mkdtempSync(join(tmpdir(), "candor-lines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const file = (text = ""): string => {
  const path = join(folder, `${files++}.jsonl`);
  writeFileSync(path, text);
  return path;
};
const whole = (line: Buffer): unknown => JSON.parse(line.toString());

describe("an index of lines", () => {
  it("reads any line, in any order, whatever its letters", async () => {
    const values = [{ a: 'é\n"x"' }, { a: "🦓" }, { a: "plain" }];
    const index = await new LineIndex(file(jsonl(values)), whole).refresh();
    expect(index.items).toEqual(values);
    expect((await index.readMany([2, 0, 1])).map((line) => JSON.parse(line))).toEqual([
      values[2],
      values[0],
      values[1],
    ]);
  });

  it("takes what a file gains, and no line before its end is written", async () => {
    const path = file(jsonl([{ a: 1 }]));
    const index = await new LineIndex(path, whole).refresh();
    appendFileSync(path, '{"a":2}\n{"a":');
    expect((await index.refresh()).items).toEqual([{ a: 1 }, { a: 2 }]);
    appendFileSync(path, "3}\n");
    expect((await index.refresh()).items).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(await index.read(2)).toBe('{"a":3}');
  });

  it("starts over with another file in the same place, longer or shorter, and with none", async () => {
    const path = file(jsonl([{ a: 1 }]));
    const index = await new LineIndex(path, whole).refresh();
    const next = file(jsonl([{ b: 1 }, { b: 2 }]));
    renameSync(next, path);
    expect((await index.refresh()).items).toEqual([{ b: 1 }, { b: 2 }]);
    rmSync(path);
    expect((await index.refresh()).items).toEqual([]);
  });

  it("takes lines longer than a block", async () => {
    const long = "x".repeat(9 * 1024 * 1024);
    const index = await new LineIndex(
      file(jsonl([{ a: 1 }, { long }, { a: 2 }])),
      (line) => line.length,
    ).refresh();
    expect(index.items).toEqual([7, long.length + 11, 7]);
    const seen: number[] = [];
    await index.scan((at, line) => seen.push(at, line.length));
    expect(seen).toEqual([0, 7, 1, long.length + 11, 2, 7]);
  });

  it("names file and line of what is damaged", async () => {
    const path = file('{"a":1}\n\0\0\0\n');
    await expect(new LineIndex(path, whole).refresh()).rejects.toThrow(`${path}:2 is damaged`);
  });

  it("grows once when many ask at the same time", async () => {
    let skimmed = 0;
    const open = indexStore();
    const path = file(jsonl([{ a: 1 }, { a: 2 }]));
    const count = () => {
      skimmed += 1;
      return skimmed;
    };
    await Promise.all([open(path, count), open(path, count), open(path, count)]);
    expect(skimmed).toBe(2);
  });
});

describe("what is taken from a line", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '],"ratings":[1]',
      ',"messages":[',
      ',"samples":[',
      '],"error":null',
      '"source":{"interaction":"x"}',
      '\\"',
      "\u2028",
    ),
  );
  const message = fc.record({ role: fc.constantFrom("user", "assistant"), content: text });

  it("is what parsing the whole interaction gives, whatever was said", () => {
    const interaction = fc.record({
      id: text,
      round: fc.nat(),
      user: text,
      persona: text,
      situation: text,
      messages: fc.array(message),
      ratings: fc.array(fc.option(fc.integer({ min: 1, max: 10 }))),
      reward: fc.option(fc.nat()),
      error: fc.option(text),
    });
    fc.assert(
      fc.property(
        interaction,
        ({ id, round, user, persona, situation, messages, ratings, reward, error }) => {
          // The order in which the simulator writes them.
          const line = JSON.stringify({
            id,
            round,
            user,
            persona,
            situation,
            messages,
            ratings,
            reward,
            error,
          });
          expect(skimInteraction(Buffer.from(line))).toEqual({
            id,
            persona,
            situation,
            reward,
            ratings,
            error,
          });
        },
      ),
    );
  });

  it("is what parsing the whole probe gives", () => {
    const probe = fc.record({
      probe: text,
      scores: fc.dictionary(
        text.filter((name) => name !== "__proto__"),
        fc.nat(),
      ),
      samples: fc.array(fc.record({ purpose: text, messages: fc.array(message), reply: text, judged: text })),
      error: fc.option(text),
    });
    fc.assert(
      fc.property(probe, ({ probe, scores, samples, error }) => {
        const head = { suite: "s", subset: "t", probe, verdict: "lie", scores };
        expect(skimProbe(Buffer.from(JSON.stringify({ ...head, samples, error })))).toEqual({
          ...JSON.parse(JSON.stringify(head)),
          error,
        });
      }),
    );
  });

  it("finds a training row's source behind any text, and takes no label for a good example", () => {
    fc.assert(
      fc.property(
        fc.array(message),
        text,
        fc.nat(),
        fc.option(fc.boolean()),
        (prompt, said, exchange, label) => {
          const row = {
            prompt,
            completion: [{ role: "assistant", content: said }],
            source: { interaction: "r1-u2", exchange },
            ...(label === null ? {} : { label }),
          };
          expect(skimRow(Buffer.from(JSON.stringify(row)))).toEqual({
            interaction: "r1-u2",
            exchange,
            label: label ?? true,
          });
        },
      ),
    );
  });
});
