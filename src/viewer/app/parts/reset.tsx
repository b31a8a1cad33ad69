/** Clears the filters and goes to the first of them. */
export function Reset({ reset }: { reset: () => void }) {
  return (
    <button
      type="button"
      class="quiet-button"
      onClick={(event) => {
        reset();
        event.currentTarget.form?.querySelector("input")?.focus();
      }}
    >
      Reset
    </button>
  );
}
