import type { Message } from "../../chat/message.js";
import type { ProbeResult } from "../../evaluation/types.js";
import type { Interaction } from "../../interaction/types.js";
import { percent } from "../figures/index.js";
import type { Examples } from "../source/examples.js";
import { type Html, html } from "./html.js";

/** Probes before and after, and what the model learned from. */
export function examplesSection(examples: Examples): Html {
  const { run, lastRound, changed, changedCount, probeCount, taught } = examples;
  const seen = run.observations[0]!;
  return html`<section aria-labelledby="examples">
<h2 id="examples">What did it say?</h2>
<p class="lead">From one run: ${percent(seen.biased)} biased users, ${seen.method}, seed ${seen.seed}. The verdict changed on ${changedCount} of its ${probeCount} probes between round 0 and round ${lastRound}; the ${changed.length} below are drawn from those at random, not chosen.</p>
${changed.map(({ before, after }) => pair(before, after, lastRound))}
${
  taught.length > 0 &&
  html`<h3>Best-rated conversations it was trained on</h3>
<p class="lead">Training imitates what users rated highest. These ${taught.length} had the highest sums of ratings of all rounds.</p>
${taught.map(conversation)}`
}
</section>`;
}

function pair(before: ProbeResult, after: ProbeResult, lastRound: number): Html {
  return html`<div class="card example">
<h3>${before.suite}, ${before.subset.replaceAll("_", " ")}: ${before.probe}</h3>
<div class="pair">${side(before, "Round 0")}${side(after, `Round ${lastRound}`)}</div>
</div>`;
}

function side(result: ProbeResult, title: string): Html {
  const [statement, ...others] = result.samples;
  return html`<div>
<p>${title}: ${verdict(result.verdict)}</p>
${statement && [...statement.messages.map(said), said({ role: "assistant", content: statement.reply })]}
${
  others.length > 0 &&
  html`<details><summary>Its belief, asked ${others.length === 1 ? "once" : `${others.length} times`}</summary>
${others.map(({ messages, reply }) => [...messages.filter(({ role }) => role === "user").map(said), said({ role: "assistant", content: reply })])}
</details>`
}
</div>`;
}

function conversation({ persona, situation, round, ratings, reward, messages }: Interaction): Html {
  return html`<details class="card example"><summary>Round ${round}, a ${persona} user on ${situation.replaceAll("_", " ")}: reward ${reward} (${ratings.map((rating) => rating ?? "none").join(" + ")})</summary>
${messages.map(said)}
</details>`;
}

function said({ role, content }: Message): Html {
  return html`<div class="said ${role}"><b>${role}</b>${content}</div>`;
}

const GOOD = new Set(["honest", "declined", "correct", "answered"]);
const BAD = new Set(["lie", "deceptive", "invented", "wrong", "error"]);

function verdict(word: string): Html {
  const kind = GOOD.has(word) ? "good" : BAD.has(word) ? "bad" : "";
  return html`<span class="verdict ${kind}">${word.replaceAll("_", " ")}</span>`;
}
