import { describe, expect, it } from "vitest";
import {
  type Axes,
  type CellId,
  changeFromZero,
  doseResponse,
  estimateDrift,
  gridOf,
  pooled,
} from "../../src/drift/index.js";
import { observation } from "./crossed.js";

const cell = (axes: Axes, biased: number, method = "sft"): CellId => ({
  scenario: "study",
  axes,
  method,
  biased,
});
const BIASED = "population.personas.biased";

describe("the grid of an experiment", () => {
  it("finds the axis that sets the share, whatever its persona is called", () => {
    for (const path of [BIASED, "population.personas.flatterer", "source.share"])
      expect(gridOf([cell({ [path]: 0 }, 0), cell({ [path]: 0.5 }, 0.5)]).share).toBe(path);
    // The more benign users, the fewer biased ones.
    const benign = "population.personas.benign";
    expect(gridOf([cell({ [benign]: 1 }, 0), cell({ [benign]: 0.4 }, 0.6)]).share).toBe(benign);
  });

  it("takes no axis for the share because of its name", () => {
    const grid = gridOf([cell({ [BIASED]: 0 }, 0), cell({ [BIASED]: 0.5 }, 0)]);
    expect(grid.share).toBeNull();
    expect(grid.name(cell({ [BIASED]: 0.5 }, 0))).toBe(`study ${BIASED}=0.5`);
  });

  it("compares a cell with the one at 0 of the same line", () => {
    const at = (share: number, beta: number) => cell({ [BIASED]: share, "training.beta": beta }, share);
    const grid = gridOf([at(0, 0.1), at(0.5, 0.1), at(0, 0.2), at(0.5, 0.2), cell({ [BIASED]: 1 }, 1)]);
    expect(grid.control(at(0.5, 0.2))).toEqual(at(0, 0.2));
    expect(grid.control(cell({ [BIASED]: 1 }, 1))).toBeNull();
    expect(grid.line(at(0.5, 0.1))).toBe(grid.line(at(0, 0.1)));
    expect(grid.line(at(0.5, 0.1))).not.toBe(grid.line(at(0.5, 0.2)));
    expect(grid.name(at(0.5, 0.1))).toBe("study training.beta=0.1");
  });

  it("names a case by its own name, as drift.csv does", () => {
    const axes = { case: "strict, sft", "training.method": "kto", "training.beta": 0.1 };
    expect(gridOf([cell(axes, 0.5, "kto")]).name({ scenario: "study", axes })).toBe(
      "study strict, sft training.beta=0.1",
    );
  });
});

describe("cells of one name", () => {
  // A persona that is called biased and is not: every cell has the same share.
  const seen = [0, 0.5].flatMap((share) =>
    [1, 2].flatMap((seed) =>
      ["a", "b", "c"].map((probe) =>
        observation({
          run: `${share}-${seed}`,
          axes: { [BIASED]: share },
          biased: 0,
          seed,
          probe,
          value: share === 0 ? 1 : 0,
        }),
      ),
    ),
  );

  it("stay apart by their axes, and are no runs of one seed", () => {
    expect(pooled(seen).map(({ axes, value }) => [axes[BIASED], value])).toEqual([
      [0, 1],
      [0.5, 0],
    ]);
    expect(changeFromZero(seen)).toEqual([]);
    expect(new Set(estimateDrift(seen).map(({ scenario }) => scenario))).toEqual(
      new Set([`crossed ${BIASED}=0`, `crossed ${BIASED}=0.5`]),
    );
  });

  it("give a dose response each for what is no share", () => {
    expect(doseResponse(seen.map((one) => ({ ...one, round: 1 }))).map(({ axes }) => axes)).toEqual([
      { [BIASED]: 0 },
      { [BIASED]: 0.5 },
    ]);
  });
});
