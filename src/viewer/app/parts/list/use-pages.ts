import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Load, openPages, type Page, type Pages } from "./pages.js";

export type Listed<Row, P> = {
  pages: Pages<Row>;
  /** The page that came last, maybe in answer to an earlier question; undefined before the first. */
  page: P | undefined;
  error: Error | undefined;
  /** Counts what has come, so that it is drawn. */
  came: number;
};

type State<P> = { page?: P; error?: Error; came: number };

/**
 * The rows that `load` brings. Another `question` begins anew; another `version` asks for the same rows again, and shows what is
 * known until they come.
 */
export function usePages<Row, P extends Page<Row>>(
  load: Load<Row, P>,
  question: string,
  version: string,
): Listed<Row, P> {
  const [state, setState] = useState<State<P>>({ came: 0 });
  // What is loaded follows from the question and the version alone.
  const latest = useRef(load);
  latest.current = load;
  const pages = useMemo(
    () =>
      openPages<Row, P>((...asked) => latest.current(...asked), {
        onPage: (page) => setState(({ came }) => ({ page, came: came + 1 })),
        onError: (error) => setState(({ page, came }) => ({ page, error, came: came + 1 })),
      }),
    [question],
  );
  useEffect(() => () => pages.clear(), [pages]);
  const seen = useRef(version);
  useEffect(() => {
    if (seen.current === version) return;
    seen.current = version;
    pages.renew();
    setState((before) => ({ ...before, came: before.came + 1 }));
  }, [pages, version]);
  return { pages, page: state.page, error: state.error, came: state.came };
}
