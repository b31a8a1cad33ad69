import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { candorIn } from "./in-process.js";

const SCENARIO = `
name: small
rounds: 3
population:
  size: 10
  personas: { benign: rest, biased: { kind: ramp, to: 0.4, start: 1, end: 3 } }
`;

function folder(more = ""): string {
  const path = mkdtempSync(join(tmpdir(), "candor-preview-"));
  writeFileSync(join(path, "small.yaml"), SCENARIO + more);
  return path;
}

const preview = (args: string[], more?: string) =>
  candorIn(["population", "preview", "small.yaml", ...args], folder(more));
const json = async (args: string[], more?: string) =>
  JSON.parse((await preview([...args, "--json"], more)).stdout);

describe("candor population preview", () => {
  it("says and draws who is there in each round, without any model", async () => {
    const { code, stdout } = await preview([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/│ 2 +│ +10 │ +8 │ +2 │ +20 % │ +20 % │/);
    expect(stdout).toContain("    1  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░\n");
    expect(stdout).toContain("    3  ░░░░░░░░░░░░░░░░░░░░░░░░████████████████\n");
    expect(stdout).toContain("░ benign   █ biased");
  });

  it("refuses a field that the sweep gives values to, as the sweep does: it would change nothing", async () => {
    const sweep = "sweep: { vary: { population.size: [5, 10] } }\n";
    expect(await preview(["--set", "population.size=7"], sweep)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--set population.size=7: the sweep varies it"),
    });
  });

  it("gives the same to machines, for every population of a sweep", async () => {
    const sweep = "sweep: { cases: { a: {}, b: { training.method: kto }, c: { population.size: 5 } } }\n";
    const previews = await json([], sweep);
    expect(previews.map(({ axes }: { axes: object }) => axes)).toEqual([{ case: "a" }, { case: "c" }]);
    expect(previews[1].rounds[2]).toMatchObject({ size: 5, biased: 0.4, biased_realized: 0.4 });
    expect((await json(["--set", "rounds=1"]))[0].rounds).toHaveLength(1);
  });

  it("supposes how users like the assistant where that decides who comes again", async () => {
    const life = "  life: { gain: 1, stay: { trusting: 1, distrusting: 0 } }\n";
    const again = async (...args: string[]) =>
      (await json(args, life))[0].rounds.map((round: { again: number }) => round.again);
    expect(await again("--rating", "benign=10", "--rating", "biased=10")).toEqual([0, 10, 10]);
    expect(await again("--rating", "benign=1", "--rating", "biased=1")).toEqual([0, 0, 0]);
    expect((await preview([], life)).stdout).toContain("come again");
  });

  it.each([
    [["--rating", "benign"], "expected persona=number"],
    [["--rating", "bening=3"], 'unknown persona "bening"; did you mean "benign"?'],
    [["--set", "population.size=0"], "expected more than 0"],
  ])("refuses %j", async (args, message) => {
    const { code, stderr } = await preview(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
