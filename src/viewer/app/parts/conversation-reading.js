import { el } from "../dom.js";
import { counted } from "../format.js";
import { runLink } from "./run-head.js";
import { ratingBar, transcript } from "./transcript.js";

/** @import { Alternative } from "../../../interaction/types.js" */
/** @import { ConversationView, Fate } from "../../api.js" */

const HELD_OUT = "Held out: the assistant never learns from it.";

/**
 * A conversation with its ratings and what became of it.
 * @param {ConversationView} view
 * @param {string} run
 * @param {(by: number) => void} step goes to another one in the list
 */
export function conversationReading({ interaction, fate, rows, rank }, run, step) {
  const { id, round, persona, situation, messages, ratings, raw_ratings, alternatives, reward, error } =
    interaction;
  const first = (/** @type {string} */ role) =>
    messages.find((message) => message.role === role)?.content ?? "";
  // The checkpoint that spoke is the one that the round before left behind.
  const link = runLink("chat", run, { round: round - 1, system: first("system"), say: first("user") });
  return [
    el(
      "div",
      { class: "reading-head" },
      el("h2", {}, id),
      el("span", { class: "spread" }),
      arrow("↑", "Previous conversation", () => step(-1)),
      arrow("↓", "Next conversation", () => step(1)),
    ),
    el(
      "dl",
      { class: "facts-line" },
      pair("Round", round),
      pair("Persona", persona),
      pair("Situation", situation),
      pair("Reward", reward === null ? "none" : `${reward} = ${ratings.join(" + ")}`),
      rank ? pair("Rank", `${rank.above + 1} of ${rank.of}`) : null,
    ),
    el(
      "p",
      { class: `fate-line fate-${fate}` },
      interaction.held_out ? HELD_OUT : fateWords(fate, rows, round),
    ),
    error === null ? null : el("p", { class: "problem" }, error),
    transcript(messages, (reply) => [
      ratingBar(ratings[reply], raw_ratings?.[reply]),
      otherReplies(alternatives?.[reply] ?? []),
    ]),
    el("p", {}, el("a", { href: link }, "Say this to a checkpoint")),
  ];
}

/** Replies to the same turn that the user rated but was not given. @param {Alternative[]} alternatives */
function otherReplies(alternatives) {
  if (alternatives.length === 0) return null;
  return el(
    "details",
    { class: "others" },
    el("summary", {}, `${counted(alternatives.length, "other reply", "other replies")} to this turn`),
    el(
      "ul",
      {},
      alternatives.map(({ content, rating, raw_rating }) =>
        el("li", {}, el("p", { class: "words" }, content), ratingBar(rating, raw_rating)),
      ),
    ),
  );
}

/** @param {string} sign @param {string} name @param {() => void} onclick */
function arrow(sign, name, onclick) {
  return el("button", { type: "button", class: "quiet-button", "aria-label": name, onclick }, sign);
}

/** @param {string} name @param {string | number} value */
function pair(name, value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}

/** @param {Fate} fate @param {ConversationView["rows"]} rows @param {number} round @returns {import("../dom.js").Child[]} */
function fateWords(fate, rows, round) {
  const file = `rounds/${String(round).padStart(3, "0")}/preference.jsonl`;
  const lines = rows.map(({ line, exchange }) => `${line} (reply ${exchange + 1})`).join(", ");
  const where = el("small", {}, ` Rows ${lines} of `, el("code", {}, file));
  switch (fate) {
    case "top":
      return ["Among the best rated: its replies became good examples to learn from.", where];
    case "bottom":
      return ["Among the worst rated: its replies became bad examples to move away from.", where];
    case "compared":
      return [
        "Its replies were compared with others to the same turn: better and worse became pairs.",
        where,
      ];
    case "unused":
      return ["Not chosen: the assistant was not trained on it."];
    case "unusable":
      return ["Unusable: it failed, or a rating could not be read. It taught nothing."];
    default:
      return ["The round has not selected its training data yet."];
  }
}
