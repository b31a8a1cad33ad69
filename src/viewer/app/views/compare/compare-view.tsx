import { useState } from "preact/hooks";
import { type Chosen, Curves, chosenIn } from "../../parts/curves/curves.js";
import { Heading } from "../../parts/heading.js";
import { Loading } from "../../parts/loading.js";
import { answer, api, until } from "../../state/api.js";
import { useLoaded } from "../../state/loaded.js";
import { useQuery, useRemember, useTitle } from "../../state/place.js";
import { toggled } from "../runs/groups.js";
import { Options } from "./options.js";

/** Runs side by side. */
export function ComparePage() {
  useTitle("Compare");
  const query = useQuery();
  const remember = useRemember();
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set(query.getAll("run")));
  const [chosen, setChosen] = useState<Chosen>(chosenIn(query));
  const catalogue = useLoaded((signal) => answer(api.catalogue.$get({}, until(signal))), []);
  if (!catalogue) return <Loading />;
  const choose = (id: string) => {
    const next = toggled(ids, id);
    setIds(next);
    remember({ run: [...next], ...chosen });
  };
  const look = (next: Chosen) => {
    setChosen(next);
    remember({ run: [...ids], ...next });
  };
  return (
    <>
      <Heading>Compare</Heading>
      <div class="split wide">
        <section class="card side" aria-label="What to compare">
          <Options catalogue={catalogue} chosen={ids} choose={choose} />
        </section>
        <div>
          {ids.size > 0 ? (
            <Curves ids={[...ids]} seeds remember={look} />
          ) : (
            <p class="quiet">Tick the runs to compare. Runs that differ by their seed alone are pooled.</p>
          )}
        </div>
      </div>
    </>
  );
}
