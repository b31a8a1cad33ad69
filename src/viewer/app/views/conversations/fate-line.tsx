import type { ConversationView, Fate } from "../../../api.js";

const WORDS: Readonly<Record<Fate, string>> = {
  top: "Among the best rated: its replies became good examples to learn from.",
  bottom: "Among the worst rated: its replies became bad examples to move away from.",
  compared: "Its replies were compared with others to the same turn: better and worse became pairs.",
  unused: "Not chosen: the assistant was not trained on it.",
  unusable:
    "Unusable: it failed, or has no rating or choice (none was given, or it could not be read). It taught nothing.",
  pending: "The round has not selected its training data yet.",
};

type Props = { fate: Fate; rows: ConversationView["rows"]; file: string; heldOut: boolean };

/** What became of a conversation, with the rows of the training data that it turned into. */
export function FateLine({ fate, rows, file, heldOut }: Props) {
  if (heldOut) return <p class={`fate-line fate-${fate}`}>Held out: the assistant never learns from it.</p>;
  const lines = rows.map(({ line, exchange }) => `${line} (reply ${exchange + 1})`).join(", ");
  return (
    <p class={`fate-line fate-${fate}`}>
      {WORDS[fate]}
      {rows.length > 0 && (
        <small>
          {` Rows ${lines} of `}
          <code>{file}</code>
        </small>
      )}
    </p>
  );
}
