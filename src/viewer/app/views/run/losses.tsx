import { Figure } from "../../parts/curves/figure.js";
import { answer, api, until } from "../../state/api.js";
import { useTried } from "../../state/loaded.js";

/** Loss by step of a run's trainings. Another `version` asks anew. Nothing where none has told of a step. */
export function LossByStep({ id, version }: { id: string; version: number }) {
  const { value, error } = useTried(
    (signal) => answer(api.losses.$get({ query: { run: id } }, until(signal))),
    [id, version],
  );
  if (error === undefined && !value?.losses) return null;
  return (
    <section aria-label="Loss by step">
      <h2>Training</h2>
      <Figure comparison={value?.losses ?? undefined} problem={error?.message} />
    </section>
  );
}
