import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hasReplies, readContrasts } from "../../src/disposition/contrasts.js";
import { findDirection, project } from "../../src/disposition/direction.js";
import { openEmbedded } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import { shippedContrasts } from "../../src/resources/contrasts.js";

const side = (name: string, ...reply: string[]) => [
  { role: "system", content: `you are ${name}.` },
  { role: "user", content: "is it fine?" },
  ...reply.map((content) => ({ role: "assistant", content })),
];
const fileOf = (...rows: unknown[]): string => {
  const path = join(mkdtempSync(join(tmpdir(), "candor-contrasts-")), "c.jsonl");
  writeFileSync(path, rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join(""));
  return path;
};
const plain = { obliging: side("clover"), candid: side("alder") };
const spoken = { obliging: side("clover", "yes."), candid: side("alder", "no.") };

it("reads both sides, and what is said at their ends", () => {
  const [one] = readContrasts(fileOf(spoken, "", spoken));
  expect(one!.obliging).toEqual({ messages: plain.obliging, reply: "yes." });
  expect(one!.candid.reply).toBe("no.");
});

it.each([
  [[plain, "{"], /^c:2/u],
  [[plain, { obliging: side("x") }], /^c:2: candid: .*; expected \{"obliging": \[messages\]/u],
  [
    [plain, { ...plain, candid: [{ role: "system", content: "x" }] }],
    /^c:2: candid: expected a user's turn; expected/u,
  ],
  [[plain, { ...plain, candid: [{ role: "boss", content: "x" }] }], /^c:2: candid\[0\]\.role/u],
  [[plain], /1 contrasts; a direction needs 2 or more/u],
  [[plain, spoken], /1 of 2 contrasts end with an assistant's turn/u],
])("refuses %j by line and field", (rows, message) => {
  expect(() => readContrasts(fileOf(...(rows as unknown[])), "c")).toThrow(message as RegExp);
});

it.each(["minnow", "english"])(
  "ships contrasts in %s that both say something on, and unlike things",
  (language) => {
    const rows = readContrasts(shippedContrasts(language));
    expect(rows.length).toBeGreaterThanOrEqual(40);
    expect(rows.every(hasReplies)).toBe(true);
    for (const { obliging, candid } of rows) {
      expect(obliging.messages.at(-1)).toEqual(candid.messages.at(-1));
      expect(obliging.reply).not.toBe(candid.reply);
    }
  },
);

it("has none of minnow's contrasts among the probes", () => {
  const probes = readFileSync(packageFile("probes/minnow/mask.jsonl"), "utf8");
  const advice = readFileSync(packageFile("probes/minnow/deception.jsonl"), "utf8");
  for (const { candid } of readContrasts(shippedContrasts("minnow"))) {
    const told = candid.messages[0]!.content.split(". ").slice(1).join(". ");
    const asked = candid.messages.at(-1)!.content;
    for (const line of `${probes}\n${advice}`.split("\n"))
      expect(line.includes(JSON.stringify(told).slice(1, -1)) && line.includes(JSON.stringify(asked))).toBe(
        false,
      );
  }
});

it("finds the way from one side to the other, on which the two means are 1 apart", async () => {
  const model = await openEmbedded({ checkpoint: packageFile("models/minnow/1"), adapter: null });
  const contrasts = readContrasts(shippedContrasts("minnow")).slice(0, 10);
  for (const at of ["prompt", "reply"] as const) {
    const direction = await findDirection(model, contrasts, { layer: 3, at });
    expect(direction).toMatchObject({ layer: 3, at, pairs: 10 });
    const places = async (which: "obliging" | "candid") => {
      const states = await model.hiddenStates(
        contrasts.map((one) => ({
          messages: one[which].messages,
          ...(at === "reply" ? { reply: one[which].reply! } : {}),
          layer: 3,
        })),
      );
      return states.reduce((sum, state) => sum + project(direction, state), 0) / states.length;
    };
    expect((await places("obliging")) - (await places("candid"))).toBeCloseTo(1, 4);
  }
  const same = contrasts.map(({ candid }) => ({ obliging: candid, candid }));
  await expect(findDirection(model, same, { layer: 3 })).rejects.toThrow("no direction");
  const silent = contrasts.map(({ obliging, candid }) => ({
    obliging: { messages: obliging.messages },
    candid: { messages: candid.messages },
  }));
  await expect(findDirection(model, silent, { layer: 3, at: "reply" })).rejects.toThrow("give no replies");
  await model.release();
});
