import { chat as ask, get } from "../api.js";
import { el, fill } from "../dom.js";
import { duration } from "../format.js";
import { choice, field, input } from "../parts/fields.js";
import { runHead } from "../parts/run-head.js";
/** @import { ChatRequest, ConversationPage, ConversationView, RunView } from "../../api.js" */

/**
 * One checkpoint's side of the talk.
 * @typedef {{ round: number, messages: ChatRequest["messages"], log: HTMLElement, title: HTMLElement, column: HTMLElement }} Side
 */

/** Talk with one checkpoint of a run, or with two at once. @param {import("../main.js").Context} context */
export async function chat({ main, params: query, signal, title }) {
  const run = query.get("run") ?? "";
  const view = /** @type {RunView} */ (await get("/api/run", { run }, signal));
  title(`Chat · ${view.entry.name}`);
  const { checkpoints } = view;
  const last = checkpoints.at(-1) ?? 0;
  const asked = Number(query.get("round") ?? last);
  const settings = { temperature: 1, max_tokens: 48 };
  let answering = new AbortController();
  let busy = false;

  const columns = el("div", { class: "columns" });
  const system = el("textarea", { rows: 3, spellcheck: "false", "aria-label": "System prompt" });
  const say = el("textarea", {
    rows: 2,
    placeholder: "Say something",
    "aria-label": "Your message",
    spellcheck: "false",
  });
  const send = el("button", { type: "submit" }, "Send");
  system.value = query.get("system") ?? (await systemPrompt(run, signal));
  say.value = query.get("say") ?? "";

  /** @param {number} round @returns {Side} */
  const side = (round) => {
    const name = el("h2", {}, roundName(round));
    const log = el("ol", {
      class: "transcript",
      role: "log",
      "aria-label": `Talk with ${roundName(round)}`,
      tabindex: 0,
    });
    return {
      round,
      messages: [],
      log,
      title: name,
      column: el("section", { class: "card", "aria-label": roundName(round) }, name, log),
    };
  };
  /** @type {Side[]} */
  let sides = [side(checkpoints.includes(asked) ? asked : last)];

  const options = checkpoints.map((round) => ({ value: String(round), label: roundName(round) }));
  const pick = (/** @type {number} */ at) => (/** @type {string} */ value) => {
    answering.abort();
    const kept = sides.filter((_, index) => index !== at);
    const now =
      value === ""
        ? kept
        : sides.length > at
          ? sides.map((old, index) => (index === at ? side(Number(value)) : old))
          : [...sides, side(Number(value))];
    sides = now.map(({ round }) => side(round));
    drawColumns();
  };
  const drawColumns = () => {
    fill(
      columns,
      sides.map(({ column }) => column),
    );
    columns.dataset.sides = String(sides.length);
  };

  /** @param {Side} one @param {string} text */
  const answer = async (one, text) => {
    one.messages.push({ role: "user", content: text });
    one.log.append(bubble("user", text).item);
    const { item, words, note } = bubble("assistant", "");
    item.setAttribute("aria-busy", "true");
    note.textContent = "thinking …";
    one.log.append(item);
    one.log.scrollTop = one.log.scrollHeight;
    const prompt =
      system.value.trim() === ""
        ? []
        : [{ role: /** @type {const} */ ("system"), content: system.value.trim() }];
    let reply = "";
    try {
      for await (const piece of ask(
        { run, round: one.round, messages: [...prompt, ...one.messages], ...settings },
        answering.signal,
      )) {
        if ("text" in piece) {
          reply += piece.text;
          words.textContent = reply;
          note.textContent = "";
        } else if ("error" in piece) throw new Error(piece.error);
        else
          note.textContent = [
            piece.end.tokens === null ? "" : `${piece.end.tokens} tokens`,
            duration(piece.end.seconds),
          ]
            .filter(Boolean)
            .join(", ");
        one.log.scrollTop = one.log.scrollHeight;
      }
      one.messages.push({ role: "assistant", content: reply });
    } catch (error) {
      if (answering.signal.aborted) note.textContent = "stopped";
      else
        note.replaceChildren(
          el("span", { class: "problem", role: "alert" }, /** @type {Error} */ (error).message),
        );
      one.messages.pop(); // an answer that failed is no part of the talk
    }
    item.removeAttribute("aria-busy");
  };

  const submit = async () => {
    if (busy) {
      answering.abort();
      return;
    }
    const text = say.value.trim();
    if (text === "") return;
    busy = true;
    answering = new AbortController();
    signal.addEventListener("abort", () => answering.abort());
    send.textContent = "Stop";
    say.value = "";
    await Promise.all(sides.map((one) => answer(one, text)));
    send.textContent = "Send";
    busy = false;
    say.focus();
  };

  const form = el(
    "form",
    {
      class: "composer",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        void submit();
      },
    },
    say,
    send,
    el(
      "button",
      {
        type: "button",
        class: "quiet-button",
        onclick: () => {
          answering.abort();
          sides = sides.map(({ round }) => side(round));
          drawColumns();
          say.focus();
        },
      },
      "Clear",
    ),
  );
  say.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submit();
  });

  const number = (
    /** @type {"temperature" | "max_tokens"} */ name,
    /** @type {import("../dom.js").Props} */ props,
  ) =>
    input({ type: "number", value: settings[name], ...props }, (value) => {
      if (value !== "" && Number.isFinite(Number(value))) settings[name] = Number(value);
    });
  drawColumns();
  fill(
    main,
    runHead(view.entry, "chat"),
    el(
      "div",
      { class: "filters" },
      field("Checkpoint", choice(options, String(sides[0]?.round ?? 0), pick(0))),
      field("Beside it", choice([{ value: "", label: "nothing" }, ...options], "", pick(1))),
      field("Temperature", number("temperature", { min: 0, max: 2, step: 0.1 })),
      field("Longest reply, tokens", number("max_tokens", { min: 1, max: 4096 })),
    ),
    el(
      "div",
      { class: "chat" },
      el(
        "details",
        { class: "system", open: system.value !== "" },
        el("summary", {}, "System prompt"),
        system,
      ),
      columns,
      form,
    ),
  );
  say.focus();
}

/** @param {number} round */
function roundName(round) {
  return round === 0 ? "Untrained (round 0)" : `After round ${round}`;
}

/** @param {"user" | "assistant"} role @param {string} text */
function bubble(role, text) {
  const words = el("p", { class: "words" }, text);
  const note = el("p", { class: "note" });
  return {
    item: el(
      "li",
      { class: `said ${role}` },
      el("span", { class: "who" }, role === "user" ? "You" : "Assistant"),
      words,
      note,
    ),
    words,
    note,
  };
}

/** The prompt that the assistant had in the run's own conversations. @param {string} run @param {AbortSignal} signal */
async function systemPrompt(run, signal) {
  const { rows } = /** @type {ConversationPage} */ (
    await get("/api/conversations", { run, limit: 1 }, signal)
  );
  const [first] = rows;
  if (!first) return "";
  const { interaction } = /** @type {ConversationView} */ (
    await get("/api/conversation", { run, round: first.round, id: first.id }, signal)
  );
  return interaction.messages.find(({ role }) => role === "system")?.content ?? "";
}
