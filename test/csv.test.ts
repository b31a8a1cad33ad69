import { describe, expect, it } from "vitest";
import { readCsv } from "../src/csv.js";

const linesOf = (text: string) => readCsv(text, "a.csv").map(({ line, cells }) => [line, cells.a]);
const complaint = (text: string) => () => readCsv(text, "a.csv");

describe("the line of a row", () => {
  it.each([
    ["\n", "line feeds"],
    ["\r\n", "those of Windows"],
    ["\r", "those of old Macs"],
  ])("is that on which it begins, past cells of several lines and past empty lines: %j, %s", (end) => {
    const text = ["a,b", '"one', "two", 'three",x', "four,y", "", "", "five,z", ""].join(end);
    expect(linesOf(text)).toEqual([
      [2, `one${end}two${end}three`],
      [5, "four"],
      [8, "five"],
    ]);
  });

  it("is right below a head of several lines, and in a last row without a break", () => {
    expect(linesOf('\n\na,"b\nc"\n1,2\n\n3,4')).toEqual([
      [5, "1"],
      [7, "3"],
    ]);
  });

  it.each([
    ['a,b\r\n1,"x\r\ny"\r\n\r\n"3\r\n4"\r\n5,6\r\n', /^a\.csv:5: 1 cell where the first line has 2;/u],
    [
      'a,b\r\n1,"x\r\ny"\r\n5,"open\r\n7,8\r\n9,10\r\n',
      /^a\.csv:4: a quote that was opened here is not closed;/u,
    ],
    ['a,b\n1,2\n\n\n"open\n5,6\n', /^a\.csv:5: a quote that was opened here is not closed;/u],
  ])("is told of a row that cannot be read: %j", (text, message) => {
    expect(complaint(text)).toThrow(message);
  });
});
