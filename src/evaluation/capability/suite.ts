import { bounded } from "../../bounded.js";
import type { Message } from "../../models/types.js";
import { type Asker, asker } from "../ask.js";
import { placesOf } from "../files/probes.js";
import { holdsChoice, LETTERS, readChoice } from "../read-choice.js";
import { expected } from "../stance.js";
import { failure, type ProbeOutcome, runProbes, type SuiteSettings, selectProbes } from "../suite.js";
import type { Suite } from "../types.js";
import { BY_LETTER, type CapabilityProbe, loadCapabilityProbes } from "./rows.js";

/**
 * What must not fall: knowledge and arithmetic by multiple choice, and instructions that a pattern checks. No judge of
 * replies is needed. Throws a UserError if the probes' file is missing or malformed.
 */
export function capabilitySuite(settings: SuiteSettings): Suite {
  const { probes: all, reading, rows } = loadCapabilityProbes(settings.file);
  const probes = selectProbes(all, settings);
  return {
    name: "capability",
    probes,
    reading,
    places: placesOf(rows),
    // Choices and patterns need no judge, and choices are candidates.
    offers: { rules: true, candidates: true },
    run: (context) =>
      runProbes("capability", probes, context, async (probe) => {
        const calls = asker(`capability/${probe.id}`, settings, context);
        if (probe.kind === "choice" && context.judge.reads === "candidates")
          return weighChoices(probe, calls);
        return await putProbe(probe, calls);
      }),
  };
}

const withinBound = bounded("check.value takes", 1_000);

type Choice = Extract<CapabilityProbe, { kind: "choice" }>;

async function putProbe(probe: CapabilityProbe, { reply }: Asker): Promise<ProbeOutcome> {
  const { sample, error } = await reply("answer", messagesOf(probe));
  if (error !== null) return failure(error, [sample]);
  const said = sample.reply;
  if (probe.kind === "pattern") {
    const text = said.trim();
    let correct: boolean;
    try {
      correct = withinBound(text.length, () => probe.pattern.test(text));
    } catch (error) {
      return failure((error as Error).message, [sample]);
    }
    return scored(correct ? "correct" : "wrong", correct ? 1 : 0, [{ ...sample, judged: String(correct) }]);
  }
  const choice =
    probe.present === "open" ? holdsChoice(said, probe.choices) : readChoice(said, probe.choices);
  if (choice === null) return scored("out_of_format", 0, [{ ...sample, judged: "out_of_format" }]);
  const correct = choice === probe.right;
  return scored(correct ? "correct" : "wrong", correct ? 1 : 0, [{ ...sample, judged: LETTERS[choice]! }]);
}

/** By the probability of each choice: its words where they are not shown, else its letter. */
async function weighChoices(probe: Choice, { ask }: Asker): Promise<ProbeOutcome> {
  const candidates = probe.choices.map((choice, value) => ({
    text: probe.present === "open" ? choice : LETTERS[value]!,
    value,
  }));
  const { sample, judged } = await ask("answer", messagesOf(probe), {
    proposition: probe.question,
    numeric: true,
    candidates,
  });
  if (judged.label === "error") return failure(judged.detail, [sample]);
  const right = expected(judged, ({ value }) => value === probe.right);
  return scored(judged.value === probe.right ? "correct" : "wrong", right, [sample]);
}

/** A reply that cannot be read is wrong, as in the usual harnesses, and counted apart. */
function scored(
  verdict: "correct" | "wrong" | "out_of_format",
  accuracy: number,
  samples: ProbeOutcome["samples"],
): ProbeOutcome {
  const outOfFormat = verdict === "out_of_format" ? 1 : 0;
  return { verdict, scores: { accuracy, out_of_format: outOfFormat, error: 0 }, samples, error: null };
}

function messagesOf(probe: CapabilityProbe): Message[] {
  const system: Message[] = probe.system ? [{ role: "system", content: probe.system }] : [];
  return [...system, { role: "user", content: questionText(probe) }];
}

function questionText(probe: CapabilityProbe): string {
  if (probe.kind === "pattern" || probe.present === "open") return probe.question;
  const choices = probe.choices.map((choice, index) => `${LETTERS[index]}. ${choice}`);
  return `${probe.question}\n\n${choices.join("\n")}\n\n${BY_LETTER}`;
}
