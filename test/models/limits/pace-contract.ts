import { expect, test } from "vitest";
import type { Pace } from "../../../src/models/index.js";

/** What every pace is held to. `open` gives what its sharers have of it, one or more. */
export function paceContract(open: () => readonly Pace[]): void {
  const book = async (paces: readonly Pace[], server: string, everyMs: number, times: number) => {
    const places: number[] = [];
    for (let index = 0; index < times; index += 1)
      places.push(await paces[index % paces.length]!.book(server, everyMs));
    return places;
  };

  test("lets the first go at once and books the others one interval apart", async () => {
    const places = await book(open(), "spaced", 10_000, 4);
    expect(places.map((place) => Math.round(place / 1_000))).toEqual([0, 10, 20, 30]);
  });

  test("lets all go at once where there is no interval, and servers have nothing to do with each other", async () => {
    const paces = open();
    expect(await book(paces, "free", 0, 4)).toEqual([0, 0, 0, 0]);
    await paces[0]!.hold("another", 60_000);
    expect(await paces.at(-1)!.book("free", 0)).toBe(0);
  });

  test("books nothing before the end of the longest hold", async () => {
    const paces = open();
    await paces[0]!.hold("held", 20_000);
    await paces.at(-1)!.hold("held", 5_000);
    const places = await book(paces, "held", 10_000, 3);
    expect(places.map((place) => Math.round(place / 1_000))).toEqual([20, 30, 40]);
  });

  test("forgets what is over", async () => {
    const [pace] = open();
    await pace!.hold("over", 30);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await pace!.book("over", 10)).toBe(0);
  });
}
