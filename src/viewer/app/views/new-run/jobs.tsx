import { useEffect, useState } from "preact/hooks";
import type { Job } from "../../../api.js";
import { answer, api, until } from "../../state/api.js";
import { placeLink, runLink } from "../../state/place.js";

const PAUSE_MS = 1000;
/** The server takes no change without it, also where there is nothing to say. */
const JSON_HEADERS = { headers: { "content-type": "application/json" } };

const STATES: Readonly<Record<Job["state"], string>> = {
  running: "running",
  done: "done",
  stopped: "stopped; starting it again goes on from there",
  failed: "failed",
};

/** What was started from the page, as it goes. Another `started` looks at once. */
export function Jobs({ started }: { started: number }) {
  const { jobs, look } = useJobs(started);
  if (jobs.length === 0) return null;
  return (
    <section aria-label="Started here" aria-live="polite">
      <h2>Started here</h2>
      <ul class="jobs">
        {[...jobs].reverse().map((job) => (
          <JobLine key={job.id} job={job} look={look} />
        ))}
      </ul>
    </section>
  );
}

function useJobs(started: number): { jobs: readonly Job[]; look: () => void } {
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const left = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => setAsked((before) => before + 1);
    answer(api.jobs.$get({}, until(left.signal))).then(
      (found) => {
        setJobs(found);
        if (found.some(({ state }) => state === "running")) timer = setTimeout(again, PAUSE_MS);
      },
      () => {
        if (!left.signal.aborted) timer = setTimeout(again, PAUSE_MS);
      },
    );
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, [started, asked]);
  return { jobs, look: () => setAsked((before) => before + 1) };
}

function JobLine({ job, look }: { job: Job; look: () => void }) {
  const { id, kind, target, state, said } = job;
  const href = kind === "run" ? runLink("run", target) : placeLink("sweep", { id: target });
  const stop = async () => {
    await answer(api.jobs[":id"].stop.$post({ param: { id: String(id) } }, JSON_HEADERS)).catch(() => {});
    look();
  };
  return (
    <li>
      <a href={href}>{target}</a>
      <span class={`pill status-${state}`}>{STATES[state]}</span>
      {state === "running" && (
        <button type="button" class="quiet-button" aria-label={`Stop ${target}`} onClick={() => void stop()}>
          Stop
        </button>
      )}
      {state === "failed" && said !== "" && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys
        <pre tabIndex={0}>{said}</pre>
      )}
    </li>
  );
}
