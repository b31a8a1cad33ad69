import fc from "fast-check";
import { expect, test } from "vitest";
import { textStream } from "../../src/models/embedded/text-stream.js";

function pieces(texts: string[], final: string, stops: string[] = []): string[] {
  const stream = textStream(stops);
  return [...texts.map((text) => stream.grow(text)), stream.end(final)];
}

test("tells what is new", () => {
  expect(pieces(["the", "the boat"], "the boat.")).toStrictEqual(["the", " boat", "."]);
});

test("holds back what may become a stop string", () => {
  expect(pieces(["one E", "one EN", "one ENormous"], "one ENormous", ["END"])).toStrictEqual([
    "one",
    " ",
    "ENormo",
    "us",
  ]);
});

test("holds back half of a letter", () => {
  expect(pieces(["caf\uFFFD", "café"], "café")).toStrictEqual(["caf", "é", ""]);
});

test("the pieces of a growing text always make the text", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (parts, stops) => {
      const growing = parts.map((_, i) => parts.slice(0, i + 1).join(""));
      expect(pieces(growing, parts.join(""), stops).join("")).toBe(parts.join(""));
    }),
  );
});
