import { useState } from "preact/hooks";
import type { Doomed, RunLabels } from "../../api.js";
import { counted, size } from "../format.js";
import { answer, api } from "../state/api.js";
import { placeLink } from "../state/place.js";
import { Check, Field, TextInput } from "./controls.js";

type Props = { id: string; kind: "run" | "sweep"; labels: RunLabels | undefined };

/** What people call a run or sweep, and its end: name, tags, note, archive, delete. */
export function KeepInOrder({ id, kind, labels }: Props) {
  return (
    <details class="card order">
      <summary>Name, tags, note, archive, delete</summary>
      <LabelsForm id={id} labels={labels} />
      <Delete id={id} kind={kind} />
    </details>
  );
}

function LabelsForm({ id, labels }: Omit<Props, "kind">) {
  const [name, setName] = useState(labels?.name ?? "");
  const [tags, setTags] = useState((labels?.tags ?? []).join(", "));
  const [note, setNote] = useState(labels?.note ?? "");
  const [archived, setArchived] = useState(labels?.archived === true);
  const { said, busy, act } = useAct();
  const save = (event: Event) => {
    event.preventDefault();
    const json = { run: id, name, tags: tags.split(","), note, archived };
    void act(async () => {
      await answer(api.labels.$post({ json }));
      return "Saved.";
    });
  };
  return (
    <form onSubmit={save}>
      <Field label="Name">
        <TextInput value={name} maxLength={200} onValue={setName} />
      </Field>
      <Field label="Tags" help="separated by commas">
        <TextInput value={tags} onValue={setTags} />
      </Field>
      <Field label="Note">
        <textarea
          rows={3}
          maxLength={10_000}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </Field>
      <Check checked={archived} onChange={setArchived}>
        Archived: lists leave it out
      </Check>
      <p>
        <button type="submit" disabled={busy}>
          Save
        </button>{" "}
        <output>{said}</output>
      </p>
    </form>
  );
}

/** Asks again with what would be lost before anything is. */
function Delete({ id, kind }: Omit<Props, "labels">) {
  const [doomed, setDoomed] = useState<Doomed>();
  const { said, busy, act } = useAct();
  const look = () =>
    void act(async () => {
      setDoomed(await answer(api.doomed.$get({ query: { run: id } })));
      return "";
    });
  const remove = (json: Doomed & { run: string }) =>
    void act(async () => {
      await answer(api.delete.$post({ json }));
      location.hash = placeLink("");
      return "Deleted.";
    });
  const keep = () => setDoomed(undefined);
  return (
    <p>
      {!doomed && (
        <button
          type="button"
          class="quiet-button"
          disabled={busy}
          onClick={look}
        >{`Delete this ${kind} …`}</button>
      )}
      {doomed && (
        <>
          {`${counted(doomed.files, "file")}, ${size(doomed.bytes)}, will be gone for good. `}
          <button type="button" disabled={busy} onClick={() => remove({ run: id, ...doomed })}>
            Delete for good
          </button>{" "}
          <button type="button" class="quiet-button" disabled={busy} onClick={keep}>
            Keep it
          </button>
        </>
      )}{" "}
      <output>{said}</output>
    </p>
  );
}

/** Does one thing at a time, and keeps what is to be said of it: what it says itself, or how it failed. */
function useAct() {
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const act = async (what: () => Promise<string>): Promise<void> => {
    setBusy(true);
    try {
      setSaid(await what());
    } catch (error) {
      setSaid((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return { said, busy, act };
}
