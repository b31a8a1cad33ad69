import type { ComponentChildren } from "preact";

type Said = { role: string; content: string };

const NAMES: Readonly<Record<string, string>> = {
  system: "System prompt",
  user: "User",
  assistant: "Assistant",
};

type Props = {
  messages: readonly Said[];
  /** What stands under an assistant's reply, counted from 0. */
  beneath?: (reply: number) => ComponentChildren;
};

/** A conversation. What people and models said is text and nothing else. */
export function Transcript({ messages, beneath = () => null }: Props) {
  let replies = 0;
  return (
    <ol class="transcript">
      {messages.map(({ role, content }, at) => (
        <li key={at} class={`said ${role}`}>
          <span class="who">{NAMES[role] ?? role}</span>
          <p class="words">{content}</p>
          {role === "assistant" && beneath(replies++)}
        </li>
      ))}
    </ol>
  );
}

type RatingProps = {
  /** On the pack's scale; null where none counts. */
  rating: number | null | undefined;
  /** What the rater said before the persona's behaviour changed or withheld it. */
  raw?: number | null;
};

/** A rating as a bar and a number. */
export function RatingBar({ rating, raw }: RatingProps) {
  const behind = raw === undefined || raw === null || raw === rating ? "" : `; the rater itself said ${raw}`;
  if (rating === null || rating === undefined)
    return (
      <p class="rating">{behind === "" ? "No rating that could be read." : `Rating withheld${behind}`}</p>
    );
  return (
    <p class="rating">
      <span class="bar" aria-hidden="true">
        <span class="full" style={{ inlineSize: `${rating * 10}%` }} />
      </span>
      {`Rated ${rating} of 10${behind}`}
    </p>
  );
}
