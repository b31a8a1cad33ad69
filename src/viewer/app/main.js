import { params } from "./api.js";
import { el, fill } from "./dom.js";
import { chat } from "./views/chat.js";
import { compare } from "./views/compare.js";
import { conversations } from "./views/conversations.js";
import { newRun } from "./views/new-run.js";
import { probes } from "./views/probes.js";
import { run } from "./views/run.js";
import { runs } from "./views/runs.js";
import { sweep } from "./views/sweep.js";

/**
 * What a view gets. Its state stands in the address, so that a place can be linked to and come back to.
 * @typedef {object} Context
 * @property {HTMLElement} main Where it draws.
 * @property {URLSearchParams} params What the address says.
 * @property {AbortSignal} signal Aborted when the reader goes elsewhere.
 * @property {(query: import("./api.js").Query) => void} remember Puts the view's state into the address, without going anywhere.
 * @property {(title: string) => void} title Names the page.
 */

/** @type {Record<string, (context: Context) => Promise<void>>} */
const views = { "": runs, compare, sweep, run, conversations, probes, chat, new: newRun };

/** Views that fill the window and scroll inside. */
const FULL = new Set(["conversations", "probes", "chat"]);

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
let leaving = new AbortController();
let first = true;

async function show() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const [path = "", query = ""] = location.hash.replace(/^#\/?/u, "").split("?");
  const view = views[path];
  mark(path);
  main.dataset.layout = FULL.has(path) ? "full" : "page";
  if (!view) {
    fill(
      main,
      el("h1", {}, "Nothing here"),
      el("p", {}, "This address leads nowhere. ", el("a", { href: "#/" }, "All runs")),
    );
    return;
  }
  try {
    await view({
      main,
      params: new URLSearchParams(query),
      signal,
      remember: (state) => {
        const search = params(state);
        history.replaceState(null, "", `#/${path}${search.size > 0 ? `?${search}` : ""}`);
      },
      title: (title) => {
        document.title = `${title} · Candor`;
      },
    });
  } catch (error) {
    if (signal.aborted) return;
    fill(
      main,
      el("h1", {}, "That did not work"),
      el("p", { class: "problem", role: "alert" }, /** @type {Error} */ (error).message),
    );
  }
  // A reader who cannot see that the page has changed is told so by where the focus goes.
  if (!first && !signal.aborted) main.querySelector("h1")?.focus();
  first = false;
}

/** @param {string} path */
function mark(path) {
  for (const link of document.querySelectorAll("nav[aria-label=Main] a")) {
    if (link instanceof HTMLElement && link.dataset.view === path) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

document.querySelector("[data-skip]")?.addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

// "/" leads to the search field of the view that has one.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.target;
  if (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement)
    return;
  const search = main.querySelector("input[type=search]");
  if (!(search instanceof HTMLInputElement)) return;
  event.preventDefault();
  search.focus();
  search.select();
});

addEventListener("hashchange", () => void show());
void show();
