import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { openSession } from "../../src/cli/chat/session.js";
import { packageFile } from "../../src/package-root.js";
import { FakeModel } from "../fakes/model.js";

const settings = { seed: 1, temperature: 1, maxTokens: 20, system: null };

async function say(lines: string[], model: FakeModel, system: string | null = null) {
  const session = openSession(model, { ...settings, system });
  let shown = "";
  const open: boolean[] = [];
  for (const line of lines)
    open.push(
      await session.take(line, (text) => {
        shown += text;
      }),
    );
  return { shown, open, messages: session.messages };
}

describe("a session", () => {
  const echo = () => new FakeModel((messages) => `heard ${messages.at(-1)!.content}`);

  test("remembers what was said, and the system message before it", async () => {
    const model = echo();
    const { shown, messages } = await say(["one", "", "two"], model, "be brief");
    expect(shown).toBe("heard one\nheard two\n");
    expect(messages.map(({ role, content }) => `${role}: ${content}`)).toStrictEqual([
      "system: be brief",
      "user: one",
      "assistant: heard one",
      "user: two",
      "assistant: heard two",
    ]);
    expect(model.seen.at(-1)).toHaveLength(4);
  });

  test("/reset, /system and /seed begin anew; without a value the last two show what is set", async () => {
    const model = echo();
    const { shown, messages, open } = await say(
      ["one", "/system be kind", "two", "/reset", "/system", "/seed 5", "/seed", "three", "/exit"],
      model,
    );
    expect(shown).toBe("heard one\nheard two\nbe kind\n5\nheard three\n");
    expect(messages.map(({ content }) => content)).toStrictEqual(["be kind", "three", "heard three"]);
    expect(open.indexOf(false)).toBe(8);
  });

  test("forgets a line that failed", async () => {
    let broken = true;
    const model = new FakeModel(() => {
      if (broken) throw new Error("no connection");
      return "yes";
    });
    const session = openSession(model, settings);
    await expect(session.take("hello", () => {})).rejects.toThrow("no connection");
    expect(session.messages).toStrictEqual([]);
    broken = false;
    await session.take("hello", () => {});
    expect(session.messages).toHaveLength(2);
  });

  test("does not let a model steer the terminal", async () => {
    const { shown } = await say(["hi"], new FakeModel(() => "a\u001b[2Jb\u0007c\td"));
    expect(shown).toBe("a\uFFFD[2Jb\uFFFDc\td\n");
  });

  test.each([
    ["/sed 3", "/sed is no command; /help lists them"],
    ["/seed x", "/seed x: expected a whole number"],
  ])("%s is refused", async (line, message) => {
    await expect(say([line], echo())).rejects.toThrow(message);
  });
});

describe("candor chat in a pipe", () => {
  const chat = (args: string[], input: string) =>
    spawnSync(process.execPath, [packageFile("dist/cli/main.js"), "chat", ...args], {
      input,
      encoding: "utf8",
    });

  test("prints replies alone, the same for the same seed", () => {
    const words = "hello\n/reset\nhello\n/seed 2\nhello\n";
    const one = chat(["minnow", "--max-tokens", "8"], words);
    expect(one.stderr).toBe("");
    const lines = one.stdout.trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(lines[1]);
    expect(chat([packageFile("models/minnow/1"), "--max-tokens", "8"], words).stdout).toBe(one.stdout);
  });

  test("answers to the point what its help says to minnow", () => {
    const [, said] = /echo "([^"]+)" \| candor chat minnow/u.exec(chat(["--help"], "").stdout)!;
    expect(said).toContain("drink");
    expect(chat(["minnow"], `${said}\n`).stdout).toContain("do not drink");
  });

  test("fails where there is no model", () => {
    expect(chat(["minow"], "").status).toBe(2);
    expect(chat(["openai:x", "--base-url", "http://127.0.0.1:9/v1"], "hello\n")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("http://127.0.0.1:9"),
    });
  });
});
