import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import { behindPrefix, fillIn, startProgram } from "../../src/program/index.js";

const node = (script: string, ...args: string[]) => [process.execPath, "-e", script, ...args];
const NASTY = `a b; echo "$HOME" 'x' \`id\` && {}`;

describe("fillIn", () => {
  test("puts values into arguments, each of which stays one", () => {
    expect(fillIn(["train", "--data={data}", "{data}"], { data: NASTY }, "here")).toStrictEqual([
      "train",
      `--data=${NASTY}`,
      NASTY,
    ]);
  });

  test("leaves JSON alone and refuses a place that does not exist, with the nearest one", () => {
    expect(fillIn(['{"a": {"b": 1}}'], {}, "here")).toStrictEqual(['{"a": {"b": 1}}']);
    expect(() => fillIn(["{dta}"], { data: "x" }, "here")).toThrow(UserError);
    expect(() => fillIn(["{dta}"], { data: "x" }, "here")).toThrow(
      'here: unknown place {dta} in {dta}; did you mean "data"?',
    );
  });
});

test("behind srun arguments stay as they are; behind ssh they are quoted for the other machine's shell", async () => {
  expect(behindPrefix([], ["trl", NASTY])).toStrictEqual(["trl", NASTY]);
  expect(behindPrefix(["srun", "--gpus=1"], ["trl", NASTY])).toStrictEqual([
    "srun",
    "--gpus=1",
    "trl",
    NASTY,
  ]);
  const [program, host, ...words] = behindPrefix(["/usr/bin/ssh", "box"], ["echo", "-n", NASTY, "", "plain"]);
  expect([program, host]).toStrictEqual(["/usr/bin/ssh", "box"]);
  // ssh joins its words with spaces and hands them to a shell; a shell must give them back unharmed.
  const lines: string[] = [];
  const printed = words.join(" ").replace(/^echo -n/, "printf '%s\\n'");
  await startProgram(["sh", "-c", printed], { onLine: (line) => lines.push(line) }).ended;
  expect(lines).toStrictEqual([NASTY, "plain"]);
});

describe("startProgram", () => {
  test("hands arguments over as they are, and lines as they come", async () => {
    const lines: string[] = [];
    const program = startProgram(
      node("console.log(process.argv[1]); console.error('oh'); process.exit(3)", NASTY),
      {
        onLine: (line) => lines.push(line),
      },
    );
    expect(await program.ended).toBe(3);
    expect(lines.sort()).toStrictEqual([NASTY, "oh"]);
    expect(program.tail()).toContain("oh");
  });

  test("is stopped, and says why, where nobody can take its lines", async () => {
    const program = startProgram(node("console.log(1); setInterval(() => console.log(2), 1)"), {
      onLine: () => {
        throw new Error("no room for it");
      },
    });
    await expect(program.ended).rejects.toThrow("no room for it");
  });

  test("says which program is missing", async () => {
    await expect(startProgram(["/no/such/program"]).ended).rejects.toThrow(
      "/no/such/program: no such program",
    );
  });

  test("stops one that runs", async () => {
    const program = startProgram(node("setInterval(() => {}, 1000)"));
    await program.stop();
    expect(await program.ended).toBeNull();
    await program.stop();
  });
});
