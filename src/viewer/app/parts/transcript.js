import { el } from "../dom.js";

/** @typedef {{ role: string, content: string }} Said */

/** @type {Record<string, string>} */
const NAMES = { system: "System prompt", user: "User", assistant: "Assistant" };

/**
 * A conversation. What people and models said is text and nothing else.
 * @param {readonly Said[]} messages
 * @param {(reply: number) => import("../dom.js").Child[]} [beneath] What stands under an assistant's reply, counted from 0.
 */
export function transcript(messages, beneath = () => []) {
  let replies = 0;
  return el(
    "ol",
    { class: "transcript" },
    messages.map(({ role, content }) =>
      el(
        "li",
        { class: `said ${role}` },
        el("span", { class: "who" }, NAMES[role] ?? role),
        el("p", { class: "words" }, content),
        role === "assistant" ? beneath(replies++) : [],
      ),
    ),
  );
}

/**
 * A rating from 1 to 10 as a bar and a number.
 * @param {number | null | undefined} rating
 * @param {number | null} [raw] what the rater said before the persona's behaviour changed or withheld it
 */
export function ratingBar(rating, raw) {
  const behind = raw === undefined || raw === null || raw === rating ? "" : `; the rater itself said ${raw}`;
  if (rating === null || rating === undefined)
    return el(
      "p",
      { class: "rating" },
      behind === "" ? "No rating that could be read." : `Rating withheld${behind}`,
    );
  const full = el("span", { class: "full" });
  full.style.inlineSize = `${rating * 10}%`;
  return el(
    "p",
    { class: "rating" },
    el("span", { class: "bar", "aria-hidden": "true" }, full),
    `Rated ${rating} of 10${behind}`,
  );
}
