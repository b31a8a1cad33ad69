import { get, params, post } from "../api.js";
import { el, fill } from "../dom.js";

/** @import { Job } from "../../api.js" */

const PAUSE_MS = 1000;

/** @type {Record<Job["state"], string>} */
const STATES = {
  running: "running",
  done: "done",
  stopped: "stopped; starting it again goes on from there",
  failed: "failed",
};

/** What was started from the page, as it goes. @param {AbortSignal} signal */
export function jobsPanel(signal) {
  const element = el("section", { "aria-label": "Started here", "aria-live": "polite", hidden: true });
  let last = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  signal.addEventListener("abort", () => clearTimeout(timer));

  const refresh = async () => {
    clearTimeout(timer);
    const jobs = /** @type {Job[]} */ (await get("/api/jobs", {}, signal));
    const now = JSON.stringify(jobs);
    if (now !== last) draw(jobs);
    last = now;
    if (jobs.some(({ state }) => state === "running") && !signal.aborted)
      timer = setTimeout(() => void refresh().catch(() => {}), PAUSE_MS);
  };

  /** @param {Job[]} jobs */
  const draw = (jobs) => {
    element.hidden = jobs.length === 0;
    fill(
      element,
      el("h2", {}, "Started here"),
      el(
        "ul",
        { class: "jobs" },
        [...jobs].reverse().map((job) =>
          el(
            "li",
            {},
            el(
              "a",
              {
                href:
                  job.kind === "run"
                    ? `#/run?${params({ run: job.target })}`
                    : `#/sweep?${params({ id: job.target })}`,
              },
              job.target,
            ),
            el("span", { class: `pill status-${job.state}` }, STATES[job.state]),
            job.state === "running"
              ? el(
                  "button",
                  {
                    type: "button",
                    class: "quiet-button",
                    "aria-label": `Stop ${job.target}`,
                    onclick: () => void post(`/api/jobs/${job.id}/stop`, {}, signal).then(refresh),
                  },
                  "Stop",
                )
              : null,
            job.state === "failed" && job.said !== "" ? el("pre", { tabindex: 0 }, job.said) : null,
          ),
        ),
      ),
    );
  };
  return { element, refresh };
}
