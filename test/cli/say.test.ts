import { afterEach, describe, expect, it, vi } from "vitest";
import { openDisplay } from "../../src/cli/progress/index.js";
import { harmless, say } from "../../src/cli/say.js";
import { sources } from "../house/imports.js";

describe("what others say", () => {
  it.each([
    ["a title", "\u001b]0;mine\u0007x", "\\u001b]0;mine\\u0007x"],
    ["the clipboard", "\u001b]52;c;cm0gLXJm\u001b\\", "\\u001b]52;c;cm0gLXJm\\u001b\\"],
    ["an erased screen", "\u001b[2Jx", "\\u001b[2Jx"],
    ["a line above that is written over", "\u001b[1A\u001b[2Kall is well", "\\u001b[1A\\u001b[2Kall is well"],
    ["the start of the line", "failed\rdone  ", "failed\\u000ddone  "],
    ["text that cannot be seen", "\u001b[8msecret\u001b[0m", "\\u001b[8msecret\u001b[0m"],
    ["eight-bit commands", "\u009b2J\u007f", "\\u009b2J\\u007f"],
    ["bells and backspaces", "a\u0008\u0007", "a\\u0008\\u0007"],
    ["a nul", "a\u0000b", "a\\u0000b"],
  ])("is shown and not obeyed: %s", (_name, text, shown) => {
    expect(harmless(text)).toBe(shown);
  });

  it("keeps colours, lines and tabs, and letters of every script", () => {
    const text = "\u001b[1mbold\u001b[22m \u001b[90mgrey\u001b[39m \u001b[m\ta\r\nb\n日本語 é 🙂";
    expect(harmless(text)).toBe(text);
  });

  it("stays the same value in JSON", () => {
    const value = { name: "a\u001b[2J\u009b\u007f\r\n" };
    expect(JSON.parse(harmless(`${JSON.stringify(value)}\n`))).toEqual(value);
  });
});

describe("surfaces", () => {
  afterEach(() => vi.restoreAllMocks());
  const EVIL = "\u001b]0;mine\u0007";

  it("writes to stdout what no terminal obeys", () => {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    say(`${EVIL}\n`);
    expect(write).toHaveBeenCalledWith("\\u001b]0;mine\\u0007\n");
  });

  it.each([true, false])("shows labels and problems of runs so on a terminal (%s)", (isTTY) => {
    const written: string[] = [];
    const stream = { isTTY, columns: 80, rows: 24, write: (text: string) => void written.push(text) };
    const display = openDisplay({ stream: stream as unknown as NodeJS.WriteStream, now: () => 0 });
    display.begin([{ id: "1", label: EVIL }], 0);
    display.event("1", { type: "notice", text: EVIL });
    display.failed("1", EVIL, true);
    display.close();
    expect(written.join("")).toContain("\\u001b]0;mine\\u0007");
    expect(written.join("")).not.toContain("\u001b]");
  });

  it("has no other way to write", () => {
    const direct = sources()
      .filter(({ path }) => path.startsWith("cli/") && path !== "cli/say.ts")
      .filter(({ text }) => /process\.std(?:out|err)\.write/u.test(text))
      .map(({ path }) => path);
    expect(direct).toEqual([]);
  });
});
