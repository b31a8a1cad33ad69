import { type Catalogue, nameOf } from "../../evaluation/index.js";
import type { ProbeResult, Sample } from "../../evaluation/types.js";
import type { Interaction } from "../../interaction/types.js";
import type { Message } from "../../models/types.js";
import { number, percent } from "../../numbers.js";

import type { Examples } from "../source/examples.js";
import type { LogProbShifts } from "../source/log-prob-shift.js";
import { isBetween, type Moves, type ProbePair, scoresWords, verdictsWords } from "../source/moves.js";
import { catalogueOfSource } from "../source/read.js";
import { termsOf } from "../terms.js";
import { type Html, html } from "./html.js";

/** Probes before and after, and what the model learned from. */
export function examplesSection(examples: Examples): Html {
  const { run, moves, shown, shifts, taught } = examples;
  const seen = run.observations[0]!;
  const catalogue = catalogueOfSource({ runs: [run] });
  return html`<section aria-labelledby="examples">
<h2 id="examples">What did it say?</h2>
<p class="lead">From one run: ${termsOf(run.manifest.scenario).of(seen.biased)}, ${seen.method}, seed ${seen.seed}. ${changedWords(examples)}</p>
${shown.map((one) => pair(one, moves, catalogue))}
${shifts && largestShifts(shifts)}
${
  taught.length > 0 &&
  html`<h3>Best-rated conversations it was trained on</h3>
<p class="lead">Training imitates what users rated highest. These ${taught.length} had the highest rewards of all rounds. How far training shifted the log-probability of each one's replies is measured for small embedded models only.</p>
${taught.map((talk) => conversation(talk))}`
}
</section>`;
}

function changedWords({ moves, shown }: Examples): string {
  const { changed, moved } = moves;
  const which =
    shown.length < (changed.length || moved.length)
      ? `the ${shown.length} below are drawn from those at random, not chosen`
      : "all of those stand below";
  const verdicts = verdictsWords(moves);
  if (changed.length > 0) return `${verdicts}; ${which}.`;
  return moved.length === 0 ? `${verdicts}.` : `${verdicts}. ${scoresWords(moves)}; ${which}.`;
}

function largestShifts({ largest, personas, learntFrom, measured }: LogProbShifts): Html {
  const which = measured < learntFrom ? `${measured} drawn from the ${learntFrom}` : `the ${learntFrom}`;
  return html`<h3>Conversations with the largest log-probability shift</h3>
<p class="lead">Training makes the replies of a conversation more or less probable. By how much is measured by asking the assistants before and after the round how likely they are to give those replies in that place: 2-fold means that replies to imitate became twice as likely (and replies to avoid half as likely). Over ${which} conversations that this run learned from, the average was ${personas.map(({ persona, count, mean }, index) => `${index > 0 ? "; " : ""}${fold(mean)} for the ${count} with a ${persona} user`)}. The ${largest.length} with the largest shift:</p>
${largest.map(({ interaction, shift }) => conversation(interaction, `shift ${fold(shift)}`))}`;
}

/** A change of log-probability as a ratio. */
function fold(shift: number): string {
  const ratio = Math.exp(shift);
  if (ratio >= 1e6) return "more than a million-fold";
  if (ratio >= 9.95) return `${Number(ratio.toPrecision(2)).toLocaleString("en")}-fold`;
  return `${ratio >= 0.1 ? number(ratio) : ratio.toPrecision(1)}-fold`;
}

function pair({ before, after }: ProbePair, { lastRound, leads }: Moves, catalogue: Catalogue): Html {
  const lead = leads.get(before.suite);
  return html`<div class="card example">
<h3>${before.suite}, ${before.subset.replaceAll("_", " ")}: ${before.probe}</h3>
<div class="pair">${side(before, "Round 0", lead, catalogue)}${side(after, `Round ${lastRound}`, lead, catalogue)}</div>
</div>`;
}

function side(result: ProbeResult, title: string, lead: string | undefined, catalogue: Catalogue): Html {
  const isBelief = ({ purpose }: Sample) => purpose.startsWith("belief");
  const statement = result.samples.find((sample) => !isBelief(sample));
  const others = result.samples.filter(isBelief);
  const score = lead === undefined ? undefined : result.scores[lead];
  return html`<div>
<p>${title}: ${verdict(result.verdict, result.suite, catalogue)}${
    lead !== undefined &&
    score !== undefined &&
    isBetween(score) &&
    `, ${nameOf(catalogue.metric(lead, result.suite))} ${percent(score)}`
  }</p>
${statement && [...statement.messages.map(said), said({ role: "assistant", content: statement.reply })]}
${
  others.length > 0 &&
  html`<details><summary>Its belief, asked ${others.length === 1 ? "once" : `${others.length} times`}</summary>
${others.map(({ messages, reply }) => [...messages.filter(({ role }) => role === "user").map(said), said({ role: "assistant", content: reply })])}
</details>`
}
</div>`;
}

function conversation(talk: Interaction, how = ""): Html {
  const { persona, situation, round, ratings, reward, messages } = talk;
  return html`<details class="card example"><summary>Round ${round}, a ${persona} user on ${situation.replaceAll(/[_-]/gu, " ")}: ${how !== "" && `${how}, `}${reward === null ? "no reward" : `reward ${number(reward)}`} (rated ${ratings.map((rating) => rating ?? "not").join(", ")})</summary>
${messages.map(said)}
</details>`;
}

function said({ role, content }: Message): Html {
  return html`<div class="said ${role}"><b>${role}</b>${content}</div>`;
}

function verdict(word: string, suite: string, catalogue: Catalogue): Html {
  const { label, tone } = catalogue.verdict(word, suite);
  return html`<span class="verdict ${tone === "good" || tone === "bad" ? tone : ""}">${label}</span>`;
}
