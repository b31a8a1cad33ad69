import type { Catalogue, RunEntry, SweepEntry } from "../../../api.js";
import { runFacts } from "../../parts/run-head.js";
import { settingOf } from "../../parts/setting.js";
import { placeLink, runLink } from "../../state/place.js";

type Choose = { chosen: ReadonlySet<string>; choose: (id: string) => void };

/** Every run and sweep with a box to tick. */
export function Options({ catalogue, ...choose }: { catalogue: Catalogue } & Choose) {
  const { sweeps, runs } = catalogue;
  const alone = runs.filter(({ sweep }) => sweep === null);
  if (sweeps.length + alone.length === 0) return <p class="quiet">There are no runs yet.</p>;
  return (
    <ul class="options">
      {sweeps.map((sweep) => (
        <Sweep key={sweep.id} sweep={sweep} {...choose} />
      ))}
      {alone.map((run) => (
        <Option
          key={run.id}
          id={run.id}
          href={runLink("run", run.id)}
          name={run.name}
          facts={[runFacts(run), apartWords(run, alone)].filter((part) => part !== "").join(" · ")}
          {...choose}
        />
      ))}
    </ul>
  );
}

/** What tells a run from others of its name: settings, or where nothing but the folder does, its folder. */
function apartWords({ id, name, seed, apart }: RunEntry, all: readonly RunEntry[]): string {
  const told = Object.entries(apart).filter(([path]) => !SAID.test(path));
  const words = told.slice(0, MOST).map(([path, value]) => `${path.split(".").at(-1)} ${value}`);
  if (told.length > MOST) words.push(`${told.length - MOST} more`);
  const alike = all.filter((run) => run.name === name && run.seed === seed && sameSettings(run.apart, apart));
  return [...words, ...(alike.length > 1 ? [id] : [])].join(" · ");
}

const MOST = 4;
/** Stands among the facts of every run. */
const SAID = /^(?:population\.personas\.|training\.method$|models\.assistant(?:\.model)?$)/u;

function sameSettings(a: RunEntry["apart"], b: RunEntry["apart"]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function Sweep({ sweep, ...choose }: { sweep: SweepEntry } & Choose) {
  const { id, name, runs } = sweep;
  const begun = runs.filter(({ status }) => status !== "waiting" && status !== "damaged");
  return (
    <>
      <Option
        id={id}
        href={placeLink("sweep", { id })}
        name={name}
        facts={`all ${begun.length} runs of the sweep`}
        {...choose}
      />
      <li>
        <details open={begun.some((run) => choose.chosen.has(run.id))}>
          <summary>{`Single runs of ${name}`}</summary>
          <ul>
            {begun.map((run) => (
              <Option
                key={run.id}
                id={run.id}
                href={runLink("run", run.id)}
                name={settingOf(run)}
                facts={`seed ${run.seed}`}
                {...choose}
              />
            ))}
          </ul>
        </details>
      </li>
    </>
  );
}

type OptionProps = { id: string; href: string; name: string; facts: string } & Choose;

function Option({ id, href, name, facts, chosen, choose }: OptionProps) {
  return (
    <li>
      <input
        type="checkbox"
        checked={chosen.has(id)}
        aria-label={`Compare ${name}, ${facts}`}
        onChange={() => choose(id)}
      />
      <span>
        <a href={href}>{name}</a>
        <small>{` ${facts}`}</small>
      </span>
    </li>
  );
}
