import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readOutcome } from "../../src/report/index.js";
import { writeCommand } from "../../src/runs/index.js";
import { changeChecked } from "../fakes/run-folder.js";
import { writeMadeUpSweep } from "./folder.js";

it("goes on with a sweep, and with a run of it, by the command that began the sweep", async () => {
  const root = mkdtempSync(join(tmpdir(), "candor-again-"));
  const folder = join(root, "out/made-up");
  const [cell] = writeMadeUpSweep(folder, { fractions: [0, 0.5], rounds: 1, seeds: 2 });
  changeChecked(join(cell!, "run.json"), (run: object) => ({ ...run, status: "interrupted" }));
  const first = async (at: string) => (await readOutcome(at)).headline.next[0]!.command;
  // A sweep that a program began: of it the scenario's file is known, and where it lies.
  expect(await first(folder)).toBe(`sweep ${folder}/scenario.yaml --out ${join(root, "out")}`);
  await writeCommand(folder, { scenarioPath: join(root, "my.yaml"), given: { set: ["rounds=1"] } });
  const command = `sweep ${join(root, "my.yaml")} --set rounds=1 --out ${join(root, "out")}`;
  expect(await first(folder)).toBe(command);
  expect(await first(cell!)).toBe(command);
});
