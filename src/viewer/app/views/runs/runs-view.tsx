import { useState } from "preact/hooks";
import type { Catalogue } from "../../../api.js";
import { counted } from "../../format.js";
import { Check, TextInput } from "../../parts/controls.js";
import { Heading } from "../../parts/heading.js";
import { useCatalogue } from "../../state/live.js";
import { placeLink, useQuery, useRemember, useTitle } from "../../state/place.js";
import { Damaged } from "./damaged.js";
import { archivedIn, groupsOf, toggled } from "./groups.js";
import { RunTable } from "./run-table.js";

/** Everything there is, as it changes. */
export function RunsPage() {
  useTitle("Runs");
  const remember = useRemember();
  const [text, setText] = useState(useQuery().get("text") ?? "");
  const [archived, setArchived] = useState(false);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const catalogue = useCatalogue();
  const search = (next: string) => {
    setText(next);
    remember({ text: next });
  };
  const pick = (id: string) => setPicked((before) => toggled(before, id));
  const groups = catalogue ? groupsOf(catalogue, text, archived) : [];
  return (
    <>
      <div class="title-line">
        <Heading>Runs</Heading>
        <p class="quiet">{catalogue ? lead(catalogue) : "Loading…"}</p>
      </div>
      {(!catalogue || totalOf(catalogue) > 0) && (
        <div class="bar">
          <TextInput
            type="search"
            value={text}
            placeholder="Filter by name, status, method …"
            aria-label="Filter runs"
            onValue={search}
          />
          <CompareLink picked={picked} />
          {catalogue && archivedIn(catalogue) > 0 && (
            <Check
              checked={archived}
              onChange={setArchived}
            >{`Archived too (${archivedIn(catalogue)})`}</Check>
          )}
        </div>
      )}
      {groups.length > 0 && catalogue && (
        <RunTable groups={groups} all={catalogue.runs} unfold={text !== ""} picked={picked} pick={pick} />
      )}
      {catalogue && <Damaged entries={catalogue.damaged} />}
      {groups.length === 0 && catalogue && catalogue.damaged.length === 0 && (
        <Nothing total={totalOf(catalogue)} />
      )}
    </>
  );
}

function CompareLink({ picked }: { picked: ReadonlySet<string> }) {
  if (picked.size === 0) return <span class="button idle">Tick runs to compare them</span>;
  return (
    <a class="button" href={placeLink("compare", { run: [...picked] })}>
      {`Compare ${counted(picked.size, "choice")}`}
    </a>
  );
}

function Nothing({ total }: { total: number }) {
  if (total > 0) return <p class="quiet">No run matches the filter, or all that do are archived.</p>;
  return (
    <p class="quiet">
      Nothing here yet. <a href={placeLink("new")}>Start a run</a>, or give <code>candor view</code> the
      folder that holds your runs.
    </p>
  );
}

function lead(catalogue: Catalogue): string {
  return `${counted(totalOf(catalogue), "run")} in ${catalogue.folder}`;
}

function totalOf({ runs, sweeps }: Catalogue): number {
  const alone = runs.filter(({ sweep }) => sweep === null).length;
  return sweeps.reduce((sum, sweep) => sum + sweep.runs.length, alone);
}
