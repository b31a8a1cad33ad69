import type { RunEntry, SweepEntry } from "../../api.js";

type Labelled = Pick<RunEntry | SweepEntry, "name" | "labels">;

/** What people call a run or sweep, or its scenario's name. */
export function calledName({ name, labels }: Labelled): string {
  return labels?.name ?? name;
}

/** The scenario's name where people call it something else, its tags, and whether it is archived. */
export function Labels({ of }: { of: Labelled }) {
  const { name, labels } = of;
  if (!labels) return null;
  return (
    <small title={labels.note}>
      {labels.name !== undefined && ` ${name}`}
      {labels.tags.map((tag) => (
        <span key={tag} class="tag">
          {tag}
        </span>
      ))}
      {labels.archived && <span class="tag">archived</span>}
    </small>
  );
}

/** What people wrote of a run or sweep, as text. */
export function Note({ labels }: Pick<Labelled, "labels">) {
  return labels?.note === undefined ? null : <p class="note words">{labels.note}</p>;
}
