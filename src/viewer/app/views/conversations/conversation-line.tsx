import type { ConversationRow } from "../../../api.js";
import { FateTag } from "../../parts/tags.js";

/** A conversation in the list. */
export function ConversationLine({ row }: { row: ConversationRow }) {
  const { persona, round, situation, fate, reward, opening, reply } = row;
  return (
    <>
      <span class="row-head">
        <span class={`persona persona-${persona === "benign" ? "benign" : "other"}`}>{persona}</span>
        <span class="row-where">{`round ${round} · ${situation}`}</span>
        <FateTag fate={fate} />
        <span class="reward">
          <span class="unseen">reward </span>
          {reward ?? "–"}
        </span>
      </span>
      <span class="row-words">
        {opening}
        <span class="row-reply">{reply}</span>
      </span>
    </>
  );
}
