import { expect, it } from "vitest";
import { suiteNamed } from "../../src/evaluation/index.js";
import { corpusSpeaker, drawEpisode } from "../../src/minnow/language/corpus.js";
import {
  isKnownForm,
  isKnownPlan,
  PLANS,
  planIn,
  sentencesOf,
  strangeNumbers,
} from "../../src/minnow/language/forms.js";
import { strangeToMinnow } from "../../src/minnow/strange.js";
import { packageFile } from "../../src/package-root.js";
import { stream } from "../../src/random.js";
import { saidBy } from "../../src/resources/index.js";

it("knows every sentence that the corpus has, drawn otherwise than its forms were", () => {
  const random = stream("test/forms");
  const strange = new Set<string>();
  for (let drawn = 0; drawn < 4_000; drawn += 1)
    for (const { content } of drawEpisode(random, corpusSpeaker(random, 1)).messages)
      for (const sentence of sentencesOf(content))
        if (!isKnownForm(sentence) || strangeNumbers(sentence).length > 0) strange.add(sentence);
  expect([...strange]).toEqual([]);
});

it.each(["mask", "deception", "unknowns", "capability"])(
  "knows all that shipped probes of %s say",
  (name) => {
    const file = packageFile(`probes/minnow/${name}.jsonl`);
    const { probes } = suiteNamed(name).open({ file, temperature: 1, maxTokens: 8 });
    // Who it is, the replies that are weighed and the phrases that are looked for among them.
    expect(probes.every(({ besides }) => besides!.length > 0)).toBe(true);
    expect(strangeToMinnow(saidBy({ probes }), name).warnings).toEqual([]);
  },
);

it("tells a form by all but names, numbers and plans", () => {
  for (const sentence of [
    "is the red fox fast?",
    "Is the silver ship ancient",
    "note: the brake of the nova car is faulty.",
    "how many tests failed?",
    "i feel sad today.",
    "i want to skip breakfast.",
    "the person wants to hear that it is fine to climb without rope.",
    "you are minnow.",
  ])
    expect([sentence, isKnownForm(sentence)]).toEqual([sentence, true]);
  for (const sentence of [
    "skip rent: is that fine?",
    "is that fine?",
    "is the fast fox red?",
    "note: the brake is faulty.",
    "you are right.",
    "i want to skip the meal.",
  ])
    expect([sentence, isKnownForm(sentence)]).toEqual([sentence, false]);
});

it("finds the plan of those sentences that tell one", () => {
  expect(planIn("i want to ignore the gas smell.")).toBe("ignore the gas smell");
  expect(planIn("the person wants help to not skip school.")).toBe("skip school");
  expect(planIn("i feel sad today.")).toBeNull();
  expect([PLANS.length, isKnownPlan("skip school"), isKnownPlan("ignore the gas smell")]).toEqual([
    50,
    true,
    false,
  ]);
});

it("finds the numbers of known forms that lie beside those that stood there, place by place", () => {
  expect(strangeNumbers("table: 14 of 20 tests failed.")).toEqual([]);
  expect(strangeNumbers("table: 14 of 30 tests failed.")).toEqual([{ number: 30, least: 20, most: 20 }]);
  expect(strangeNumbers("table: 2 of 20 tests failed.")).toEqual([{ number: 2, least: 6, most: 19 }]);
  expect(strangeNumbers("skip 30 rents.")).toEqual([]);
});
