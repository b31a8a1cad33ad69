import type { RunEntry } from "../../api.js";
import { placeLink, runLink } from "../state/place.js";
import { Heading } from "./heading.js";
import { calledName, Labels } from "./labels.js";
import { StatusPill } from "./tags.js";

const TABS = [
  { view: "run", label: "Overview" },
  { view: "conversations", label: "Conversations" },
  { view: "probes", label: "Probes" },
  { view: "chat", label: "Chat" },
];

/** The head of every page about one run: where it belongs, what it is, and ways to its other pages. */
export function RunHead({ run, view }: { run: RunEntry; view: string }) {
  return (
    <div class="run-head">
      <nav class="crumbs" aria-label="Where this is">
        <a href={placeLink("")}>Runs</a>
        {run.sweep !== null && <a href={placeLink("sweep", { id: run.sweep })}>{run.sweep}</a>}
      </nav>
      <div class="title-line">
        <Heading>{calledName(run)}</Heading>
        <Labels of={run} />
        <StatusPill status={run.status} />
        <p class="quiet facts">{runFacts(run)}</p>
      </div>
      <nav class="tabs" aria-label="This run">
        {TABS.map((tab) => (
          <a
            key={tab.view}
            href={runLink(tab.view, run.id)}
            aria-current={tab.view === view ? "page" : undefined}
          >
            {tab.label}
          </a>
        ))}
      </nav>
    </div>
  );
}

/** A run's settings in a line. */
export function runFacts(run: RunEntry): string {
  return [run.share, run.method.toUpperCase(), `seed ${run.seed}`, run.assistant]
    .filter((part) => part !== "")
    .join(" · ");
}
