import { useEffect, useRef, useState } from "preact/hooks";

type Props = {
  /** What stands there at first. */
  first: string;
  busy: boolean;
  say: (text: string) => Promise<void>;
  stop: () => void;
  clear: () => void;
};

/** Where the reader's own turn is written. Enter sends it; Shift and Enter begins a new line. */
export function Composer({ first, busy, say, stop, clear }: Props) {
  const [text, setText] = useState(first);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const submit = async () => {
    if (busy) return stop();
    if (text.trim() === "") return;
    setText("");
    await say(text.trim());
    box.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submit();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <textarea
        ref={box}
        rows={2}
        placeholder="Say something"
        aria-label="Your message"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={press}
      />
      <button type="submit">{busy ? "Stop" : "Send"}</button>
      <button
        type="button"
        class="quiet-button"
        onClick={() => {
          clear();
          box.current?.focus();
        }}
      >
        Clear
      </button>
    </form>
  );
}
