import { useState } from "preact/hooks";
import type { Draft, DraftRequest } from "../../../api.js";
import { counted } from "../../format.js";
import { answer, api, until } from "../../state/api.js";
import { useTried } from "../../state/loaded.js";
import { runLink } from "../../state/place.js";
import { useSettled } from "../../state/settled.js";
import { Jobs } from "./jobs.js";

const PAUSE_MS = 200;

type Props = {
  /** The scenario as the form has it, or as YAML where that was edited. */
  request: DraftRequest;
  /** Takes what was typed; null goes back to the form. */
  write: (yaml: string | null) => void;
  /** The run that the scenario was copied from. */
  copied: string | undefined;
};

/** The YAML with what is wrong with it, and the start of it. */
export function Written({ request, write, copied }: Props) {
  const text = JSON.stringify(request);
  const settled = useSettled(text, PAUSE_MS);
  const { value, error, busy } = useTried((signal) => check(JSON.parse(settled), signal), [settled]);
  const byHand = "yaml" in request ? request.yaml : null;
  const problems = error ? [error.message] : (value?.problems ?? []);
  const yaml = byHand ?? value?.yaml ?? "";
  const draft = busy || error || settled !== text ? undefined : value;
  return (
    <section class="card" aria-label="Scenario">
      <h2>Scenario</h2>
      <State byHand={byHand !== null} good={problems.length === 0} back={() => write(null)} />
      <textarea
        class="yaml"
        rows={24}
        spellcheck={false}
        aria-label="Scenario as YAML"
        aria-describedby="yaml-state"
        value={yaml}
        onInput={(event) => write(event.currentTarget.value)}
      />
      <ul class="problems" aria-live="polite">
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
      <Start draft={draft} cells={value?.cells ?? 0} yaml={yaml} />
      {copied !== undefined && (
        <p class="quiet">
          Copied from <a href={runLink("run", copied)}>{copied}</a>
        </p>
      )}
    </section>
  );
}

type StateProps = { byHand: boolean; good: boolean; back: () => void };

function State({ byHand, good, back }: StateProps) {
  return (
    <p id="yaml-state" class="quiet">
      {byHand
        ? "Edited by hand; the form no longer changes it. "
        : "Made by the form; edit it for what the form does not have. "}
      {good ? "It can be started. " : "It cannot be started yet. "}
      {byHand && (
        <button type="button" class="quiet-button" onClick={back}>
          Back to the form
        </button>
      )}
    </p>
  );
}

type StartProps = {
  /** What the server says of the scenario as it stands; undefined while it has not said so. */
  draft: Draft | undefined;
  cells: number;
  yaml: string;
};

function Start({ draft, cells, yaml }: StartProps) {
  const [started, setStarted] = useState(0);
  const [failed, setFailed] = useState("");
  const [starting, setStarting] = useState(false);
  const ready = draft !== undefined && draft.problems.length === 0 && !starting;
  const start = async (kind: "run" | "sweep") => {
    setFailed("");
    setStarting(true);
    await answer(api.jobs.$post({ json: { kind, yaml } })).catch((error: Error) => setFailed(error.message));
    setStarted((before) => before + 1);
    setStarting(false);
  };
  return (
    <>
      {failed !== "" && (
        <p class="problem" role="alert">
          {failed}
        </p>
      )}
      <p class="actions">
        <button type="button" disabled={!ready} onClick={() => void start("run")}>
          Start run
        </button>
        {cells > 1 && (
          <button type="button" disabled={!ready} onClick={() => void start("sweep")}>
            {`Start sweep of ${counted(cells, "run")}`}
          </button>
        )}
      </p>
      <Jobs started={started} />
    </>
  );
}

function check(request: DraftRequest, signal: AbortSignal): Promise<Draft> {
  return answer(api.draft.$post({ json: request }, until(signal)));
}
