import type { ConversationView } from "../../../api.js";
import { counted } from "../../format.js";
import { RatingBar } from "../../parts/transcript.js";

type Alternative = NonNullable<ConversationView["interaction"]["alternatives"]>[number][number];

/** Replies to the same turn that the user rated but was not given. */
export function OtherReplies({ alternatives }: { alternatives: readonly Alternative[] }) {
  if (alternatives.length === 0) return null;
  return (
    <details class="others">
      <summary>{`${counted(alternatives.length, "other reply", "other replies")} to this turn`}</summary>
      <ul>
        {alternatives.map(({ content, rating, raw_rating }, at) => (
          <li key={at}>
            <p class="words">{content}</p>
            <RatingBar rating={rating} raw={raw_rating} />
          </li>
        ))}
      </ul>
    </details>
  );
}
