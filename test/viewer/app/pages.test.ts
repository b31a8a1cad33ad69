import { describe, expect, it } from "vitest";
import { openPages } from "../../../src/viewer/app/parts/list/pages.js";
import { moveTo, reachable, rowsIn, scrollFor } from "../../../src/viewer/app/parts/list/window.js";

type Asked = { offset: number; signal: AbortSignal; answer: (rows: number[]) => void; fail: () => void };

function world() {
  const asked: Asked[] = [];
  const came: number[] = [];
  const errors: string[] = [];
  const pages = openPages<number, { total: number; rows: number[] }>(
    (offset, _limit, signal) =>
      new Promise((resolve, reject) =>
        asked.push({
          offset,
          signal,
          answer: (rows) => resolve({ total: 1_000, rows }),
          fail: () => reject(new Error(`no rows from ${offset}`)),
        }),
      ),
    { onPage: ({ rows }) => came.push(rows.length), onError: ({ message }) => errors.push(message) },
  );
  return { asked, came, errors, pages };
}

const hundred = (from: number) => Array.from({ length: 100 }, (_, at) => from + at);

describe("pages of a long list", () => {
  it("are asked for once, when a row of theirs is wanted", async () => {
    const { asked, pages } = world();
    pages.want(0, 40);
    pages.want(10, 50);
    expect(asked.map(({ offset }) => offset)).toEqual([0]);
    asked[0]!.answer(hundred(0));
    await pages.waitFor(0);
    expect(pages.row(42)).toBe(42);
    expect(pages.row(142)).toBeUndefined();
    pages.want(90, 110);
    expect(asked.map(({ offset }) => offset)).toEqual([0, 100]);
  });

  it("are no longer waited for once out of sight, and their late answer is not taken", async () => {
    const { asked, came, pages } = world();
    pages.want(0, 10);
    pages.want(500, 510);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    asked[0]!.answer(hundred(0));
    asked[1]!.answer(hundred(500));
    await pages.waitFor(500);
    expect(came).toEqual([100]);
    expect(pages.row(0)).toBeUndefined();
  });

  it("keep coming for the row that is waited for, though what is in sight lies elsewhere yet", async () => {
    const { asked, pages } = world();
    const waited = pages.waitFor(999);
    pages.want(0, 10);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    pages.renew();
    for (const { answer } of asked.slice(0, 2)) answer([]);
    await expect.poll(() => asked.map(({ offset }) => offset)).toEqual([900, 0, 900]);
    asked[2]!.answer(hundred(900));
    await waited;
    expect(pages.row(999)).toBe(999);
  });

  it("wait only for the row that was asked for last, and for none once they are cleared", async () => {
    const { asked, pages } = world();
    const earlier = pages.waitFor(999);
    const later = pages.waitFor(500);
    pages.want(0, 10);
    expect(asked.map(({ offset, signal }) => [offset, signal.aborted])).toEqual([
      [900, true],
      [500, false],
      [0, false],
    ]);
    asked[0]!.answer(hundred(900));
    await earlier;
    pages.clear();
    asked[1]!.answer(hundred(500));
    await later;
    expect(asked.length).toBe(3);
  });

  it("are shown as they were until they have been renewed", async () => {
    const { asked, pages } = world();
    pages.want(0, 10);
    asked[0]!.answer(hundred(0));
    await pages.waitFor(0);
    pages.renew();
    expect(pages.row(7)).toBe(7);
    pages.want(0, 10);
    asked[1]!.answer(hundred(1_000));
    await pages.waitFor(0);
    expect(pages.row(7)).toBe(1_007);
    pages.clear();
    expect(pages.row(7)).toBeUndefined();
  });

  it("that fail are told of, and asked for again when they are wanted again", async () => {
    const { asked, errors, pages } = world();
    pages.want(0, 10);
    asked[0]!.fail();
    await pages.waitFor(0);
    expect(errors).toEqual(["no rows from 0"]);
    pages.want(0, 10);
    expect(asked).toHaveLength(2);
  });
});

describe("the rows in sight", () => {
  it("are those that the scroll position shows, and a few around them", () => {
    expect(rowsIn({ top: 0, height: 400 }, 1_000, 40)).toEqual({ first: 0, last: 18 });
    expect(rowsIn({ top: 4_000, height: 400 }, 1_000, 40)).toEqual({ first: 92, last: 118 });
    expect(rowsIn({ top: 0, height: 400 }, 3, 40)).toEqual({ first: 0, last: 2 });
    expect(rowsIn({ top: 0, height: 400 }, 0, 40).last).toBe(-1);
  });

  it("reach as far as a browser can make an element high", () => {
    expect(reachable(100, 68)).toBe(100);
    expect(reachable(10_000_000, 68)).toBe(Math.floor(15_000_000 / 68));
  });

  it("follow the row that is chosen, and stay where it is already among them", () => {
    const sight = { top: 400, height: 400 };
    expect([5, 12, 25].map((row) => scrollFor(row, sight, 40))).toEqual([200, 400, 640]);
  });

  it("are gone through by keys, within the list", () => {
    const go = (key: string, active: number) => moveTo(key, active, 9, 100);
    expect([go("ArrowDown", -1), go("ArrowUp", 0), go("PageDown", 95), go("Home", 50), go("End", 0)]).toEqual(
      [0, 0, 99, 0, 99],
    );
    expect(go("a", 3)).toBeUndefined();
  });
});
