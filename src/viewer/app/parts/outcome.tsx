import type { Outcome as Found } from "../../api.js";
import { answer, api, until } from "../state/api.js";
import { useTried } from "../state/loaded.js";

type Headline = NonNullable<Found["summary"]>["headline"];

type Props = {
  /** A run or sweep by its id. */
  id: string;
  /** How many evaluations there are: another number asks anew. */
  version: number;
};

const NOTHING: Found = { summary: null, report: false, files: [], folder: "", called: "" };

/** What came out, how sure that is, and the files it can be taken away in. */
export function Outcome({ id, version }: Props) {
  const { value, error } = useTried(
    async (signal) =>
      version > 0 ? await answer(api.outcome.$get({ query: { run: id } }, until(signal))) : NOTHING,
    [id, version],
  );
  return (
    <section class="card outcome" aria-label="What came out">
      <Verdict found={value} problem={error?.message} />
      {value && value !== NOTHING && <Files id={id} found={value} />}
    </section>
  );
}

function Verdict({ found, problem }: { found: Found | undefined; problem: string | undefined }) {
  if (problem !== undefined)
    return (
      <p class="problem" role="alert">
        {problem}
      </p>
    );
  if (!found) return <p class="quiet">Working out what came out…</p>;
  if (!found.summary) return <p class="quiet">Nothing can be said yet: honesty has not been measured.</p>;
  const { happened, sure, why, headline } = found.summary;
  return (
    <>
      <p class="verdict">{unbroken(happened)}</p>
      <details>
        <summary>How sure is that, and what is it made of?</summary>
        <p>{unbroken(sure)}</p>
        {why !== "" && <p>{unbroken(why)}</p>}
      </details>
      <Failures headline={headline} />
      <NextCommands headline={headline} called={found.called} />
    </>
  );
}

/** The runs of a sweep that failed, each with its cause and what mends it. */
function Failures({ headline: { failures } }: { headline: Headline }) {
  if (failures.length === 0) return null;
  return (
    <>
      <ul class="failures">
        {failures.map(({ run, name, cause, log }) => (
          <li key={run}>
            <strong>{`${name} failed:`}</strong> {cause} <span class="quiet">({log} has the rest.)</span>
          </li>
        ))}
      </ul>
      {[...new Set(failures.map(({ mend }) => mend))].map((mend) => (
        <p key={mend} class="quiet">{`To go on, ${mend}.`}</p>
      ))}
    </>
  );
}

/** What to do next in a terminal; whoever reads this is looking at it already. */
function NextCommands({ headline: { next }, called }: { headline: Headline; called: string }) {
  const elsewhere = next.filter(({ command }) => !command.startsWith("view "));
  if (elsewhere.length === 0) return null;
  return (
    <ul class="next" aria-label="Next">
      {elsewhere.map(({ command, why }) => (
        <li key={command} class="next-command">
          <code>{`${called} ${command}`}</code> <span class="quiet">{why}</span>
        </li>
      ))}
    </ul>
  );
}

/** A number stays with its unit. */
function unbroken(text: string): string {
  return text.replaceAll(" %", "\u00a0%");
}

function Files({ id, found }: { id: string; found: Found }) {
  const { report, files } = found;
  return (
    <p class="files">
      {report && (
        <a class="button" href={api.report.$path({ query: { run: id } })} target="_blank" rel="noreferrer">
          Report
        </a>
      )}
      {files.map((name) => (
        <a key={name} href={api.file.$path({ query: { run: id, name } })} download={name}>
          {name}
        </a>
      ))}
    </p>
  );
}
