import { expect, it } from "vitest";
import { type Figure, narrowed, render } from "../../src/report/figures/index.js";

/** What the figures of a report are held to. `draw` makes them anew from the same rows. */
export function figureContract(draw: () => readonly Figure[] | Promise<readonly Figure[]>): void {
  let drawn: ReturnType<typeof draw> | undefined;
  const figures = async () => {
    drawn ??= draw();
    return await drawn;
  };

  it("are called like files, each by another name", async () => {
    const names = (await figures()).map(({ name }) => name.toLowerCase());
    for (const name of names) expect(name).toMatch(/^[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*$/u);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(0);
  });

  it("say in words what they show, with numbers", async () => {
    for (const { name, title, description } of await figures()) {
      expect([name, title]).toEqual([name, expect.stringMatching(/\S/u)]);
      expect([name, description]).toEqual([name, expect.stringMatching(/\d.*\.$/su)]);
      expect([name, description]).toEqual([name, expect.not.stringMatching(/NaN|undefined|null|Infinity/u)]);
    }
  });

  it("draw nothing that is no number", async () => {
    for (const { name, data } of await figures()) {
      const wrong = data
        .flatMap((datum) => Object.entries<unknown>(datum))
        .filter(([, value]) => value === undefined || (typeof value === "number" && !Number.isFinite(value)));
      expect([name, wrong, data.length > 0]).toEqual([name, [], true]);
    }
  });

  it("are data, which stay as they were when they are drawn with their words, wide and for a phone", async () => {
    for (const figure of await figures()) {
      const before = structuredClone(figure);
      for (const one of [figure, narrowed(figure)]) {
        const svg = await render(one);
        expect(svg).toMatch(/^<svg\b[^>]* role="img"/u);
        expect(svg).toContain(`<title id="${one.name}-title">`);
        expect(svg).not.toMatch(/>[^<]*\b(?:NaN|undefined)\b[^<]*</u);
      }
      expect(figure).toEqual(before);
      expect(narrowed(figure).name).toBe(figure.name);
    }
  });

  it("come out the same from the same rows", async () => {
    expect(JSON.stringify(await draw())).toBe(JSON.stringify(await figures()));
  });
}
