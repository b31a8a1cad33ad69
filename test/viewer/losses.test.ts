import { mkdtempSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDrawn, openLosses } from "../../src/viewer/compare/index.js";
import { madeUpScenario, writeRound, writeRun } from "./folder.js";

it("draws the losses of a run once, and anew when another round is over", async () => {
  const within = mkdtempSync(join(tmpdir(), "candor-losses-"));
  const folder = join(within, "one");
  const made = { rounds: 3, complete: 1, status: "running" as const };
  const paths = writeRun(folder, made);
  const figures = openDrawn();
  const lossesOf = openLosses(figures);
  const run = { id: "one", folder, sweep: null, axes: {}, within };

  const first = await lossesOf(run);
  expect(first!.description).toContain("round 1: loss from 0.500 to 0.500");
  const name = first!.figure.replace("/api/figure/", "").replace(".svg", "");
  expect(figures.get(name)).toContain("<svg");

  // Who draws again misses a file.
  const { training } = paths.round(1);
  await rename(training, `${folder}.away`);
  expect(await lossesOf(run)).toEqual(first);
  await expect(openLosses(figures)(run)).rejects.toThrow("is missing");
  await rename(`${folder}.away`, training);

  writeRound(paths, madeUpScenario(made), 2);
  expect((await lossesOf(run))!.description).toContain("round 2: loss from 0.500 to 0.500");
});
