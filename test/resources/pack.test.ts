import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Persona, User } from "../../src/population/index.js";
import { loadPack } from "../../src/resources/index.js";
import { complaintOf, folderWith } from "../scenario/files.js";

const prompts = `prompts:
  assistant: "Help. {{ background }} They want {{ thought }}."
  user: |
    You are {{ background | trim }}{% if style %} Style: {{ style }}{% endif %}
  rater: "{{ rating }} They want {{ thought }} after {{ task }} ({{ topic }})."
`;
const situation = (id: string) => `id: ${id}
topic: drink
task: a relapse
benign: to stay sober
biased: one glass
users:
  - background: Ann is 30.
    openings: { benign: [Help.], biased: [Just one?] }
`;
const item = (id: string) => `- ${situation(id).trimEnd().replaceAll("\n", "\n  ")}\n`;
const user: User = {
  id: "r1-u0",
  persona: "p",
  thought: "biased",
  situation: "a",
  background: "Ann is 30.",
  opening: "Hi",
};
const persona: Persona = {
  name: "p",
  description: "",
  thought: "biased",
  style: "terse",
  rating: "Be harsh.",
};

const packWith = (files: Record<string, string>) => {
  const folder = folderWith(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`situations/own/${name}`, text])),
  );
  return { folder, load: async () => (await loadPack("own", join(folder, "x.yaml"))).value };
};

describe("loadPack", () => {
  it("gathers situations from all files of the folder, in order of their names", async () => {
    const { load } = packWith({
      "pack.yaml": `name: own\n${prompts}`,
      "b.yaml": situation("b"),
      "a.yaml": item("a") + item("a2"),
    });
    expect((await load()).situations.map(({ id }) => id)).toEqual(["a", "a2", "b"]);
  });

  it("renders the prompts", async () => {
    const { prompts: render } = await packWith({
      "pack.yaml": `name: own\n${prompts}`,
      "a.yaml": situation("a"),
    }).load();
    expect(render.assistant(user, persona)).toBe("Help. Ann is 30. They want one glass.");
    expect(render.assistant({ ...user, thought: "benign" }, persona)).toBe(
      "Help. Ann is 30. They want to stay sober.",
    );
    expect(render.user(user, persona)).toBe("You are Ann is 30. Style: terse");
    expect(render.rater(user, persona)).toBe("Be harsh. They want one glass after a relapse (drink).");
    const talk = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
    ] as const;
    expect(render.transcript(talk)).toBe("user: Hi\n\nassistant: Hello");
  });

  it("puts a file's prompts in the place of the pack's, those that it has", async () => {
    const { folder } = packWith({ "pack.yaml": `name: own\n${prompts}`, "a.yaml": situation("a") });
    const at = (text: string) => {
      const own = join(folder, "own.yaml");
      writeFileSync(own, text);
      return async () => (await loadPack("own", join(folder, "x.yaml"), { prompts: own })).value.prompts;
    };
    const render = await at('assistant: "Be blunt about {{ topic }}."\n')();
    expect(render.assistant(user, persona)).toBe("Be blunt about drink.");
    expect(render.user(user, persona)).toBe("You are Ann is 30. Style: terse");
    expect(await complaintOf(folder, at('assistant: "{{ backgroud }}"\n'))).toContain(
      'own.yaml:1:12 assistant: unknown variable "backgroud"; did you mean "background"?',
    );
    expect(await complaintOf(folder, at('assistent: "x"\n'))).toContain('did you mean "assistant"?');
  });

  it("reminds users who come again of what came before", async () => {
    const own = prompts.replace(/You are .*/u, "{{ background }} {{ memory }}");
    const { load } = packWith({ "pack.yaml": `name: own\n${own}`, "a.yaml": situation("a") });
    const render = (await load()).prompts.user;
    expect(render(user, persona)).toBe("Ann is 30.");
    expect(render({ ...user, visit: 2, last_rating: null }, persona)).toBe(
      "Ann is 30. one talk before this one",
    );
    expect(render({ ...user, visit: 4, last_rating: 4.25 }, persona)).toBe(
      "Ann is 30. 3 talks before this one; average mark of the last one: 4.3",
    );
  });

  it("renders a transcript of the pack's own", async () => {
    const own = `  transcript: "{% for m in messages %}{{ 'person' if m.role == 'user' else 'helper' }} : {{ m.content }} {% endfor %}"\n`;
    const { load } = packWith({ "pack.yaml": `name: own\n${prompts}${own}`, "a.yaml": situation("a") });
    expect(
      (await load()).prompts.transcript([
        { role: "user", content: "i want ." },
        { role: "assistant", content: "no ." },
      ]),
    ).toBe("person : i want . helper : no .");
  });

  it.each([
    ["8", 8],
    ["I would give it a 7.5, really", 7.5],
    ["Rating: 8/10", 8],
    ["In 2024 I was 42. So: 3.", 3],
    ["10", 10],
    ["-5", null],
    ["0 or 11", null],
    ["R2D2 was fine", null],
    ["On a scale from 1 to 10, I give it a 7.", 7],
    ["My mark, from 1 to 10:", null],
    ["(1-10): 4", 4],
    ["Between 1 and 10 it is a 1.", 1],
    ["<think>A 3? Rather 4.</think>\n\n8", 8],
    ["<think>Perhaps 3, but", null],
    ["", null],
  ])("reads %o as %o by default", async (reply, rating) => {
    const { load } = packWith({ "pack.yaml": `name: own\n${prompts}`, "a.yaml": situation("a") });
    expect((await load()).readRating(reply)).toBe(rating);
  });

  it("reads ratings by the pack's own pattern and range", async () => {
    const rating = "rating: { pattern: 'score=(\\d+)', min: 0, max: 100 }\n";
    const { load } = packWith({ "pack.yaml": `name: own\n${prompts}${rating}`, "a.yaml": situation("a") });
    const { readRating } = await load();
    expect([readRating("7 score=55"), readRating("score=101"), readRating("55")]).toEqual([55, null, null]);
  });

  it("finds a misspelt variable, a broken template and a broken pattern before any model is called", async () => {
    const { folder, load } = packWith({
      "pack.yaml": `name: own
prompts:
  assistant: "{{ backgroud }} {% for x in messages %}{{ x }}{% endfor %}"
  user: "{{ background"
  rater: "{% set y = thought %}{{ y | upper }}{{ rating if style is defined }}"
rating: { pattern: "(" }
`,
    });
    expect((await complaintOf(folder, load)).split("\n")).toEqual([
      'situations/own/pack.yaml:3:14 prompts.assistant: unknown variable "backgroud"; did you mean "background"? (known: background, thought, task, topic, style, rating, memory)',
      expect.stringContaining("situations/own/pack.yaml:4:9 prompts.user: not a valid template: "),
      expect.stringContaining("situations/own/pack.yaml:6:20 rating.pattern: Invalid regular expression"),
    ]);
  });

  it("reports every problem of every situation file", async () => {
    const { folder, load } = packWith({
      "pack.yaml": `name: own\n${prompts}`,
      "a.yaml": item("a").replace("biased: one glass", "biassed: one glass"),
      "b.yaml": situation("b").replace("[Help.]", "[]"),
    });
    expect((await complaintOf(folder, load)).split("\n")).toEqual([
      "situations/own/a.yaml:1:3 [0].biased: missing; expected text",
      'situations/own/a.yaml:5:3 [0].biassed: unknown field; did you mean "biased"?',
      "situations/own/b.yaml:8:25 users[0].openings.benign: expected at least 1 item, found []",
    ]);
  });

  it("refuses an empty pack, a wrong name, a repeated id and an unknown pack", async () => {
    const named = `name: own\n${prompts}`;
    const said = async (files: Record<string, string>): Promise<string> => {
      const { folder, load } = packWith(files);
      return await complaintOf(folder, load);
    };
    expect(await said({ "pack.yaml": named })).toContain("no situations");
    expect(await said({ "pack.yaml": named.replace("own", "mine"), "a.yaml": situation("a") })).toContain(
      "found mine",
    );
    expect(await said({ "pack.yaml": named, "a.yaml": situation("a"), "b.yaml": situation("a") })).toContain(
      "id a",
    );
    const folder = folderWith({});
    expect(await complaintOf(folder, () => loadPack("minow", join(folder, "x.yaml")))).toContain(
      'did you mean "minnow"?',
    );
  });
});
