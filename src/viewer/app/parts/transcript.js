import { el } from "../dom.js";

/** @typedef {{ role: string, content: string }} Said */

/** @type {Record<string, string>} */
const NAMES = { system: "System prompt", user: "User", assistant: "Assistant" };

/**
 * A conversation. What people and models said is text and nothing else.
 * @param {readonly Said[]} messages
 * @param {(reply: number) => import("../dom.js").Child} [beneath] What stands under an assistant's reply, counted from 0.
 */
export function transcript(messages, beneath = () => null) {
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
        role === "assistant" ? beneath(replies++) : null,
      ),
    ),
  );
}

/** A rating from 1 to 10 as a bar and a number. @param {number | null | undefined} rating */
export function ratingBar(rating) {
  if (rating === null || rating === undefined)
    return el("p", { class: "rating" }, "The rater gave no rating that could be read.");
  const full = el("span", { class: "full" });
  full.style.inlineSize = `${rating * 10}%`;
  return el(
    "p",
    { class: "rating" },
    el("span", { class: "bar", "aria-hidden": "true" }, full),
    `Rated ${rating} of 10`,
  );
}
