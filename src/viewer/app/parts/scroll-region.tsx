import type { ComponentChildren } from "preact";

type Props = { label: string; class?: string; children: ComponentChildren };

/** What may be wider than its place, with a name and a stop of the Tab key, so that arrow keys can scroll it. */
export function ScrollRegion({ label, class: more = "", children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys
    <section class={`scroll ${more}`} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
