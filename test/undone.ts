import { afterAll, vi } from "vitest";

// What the last test of a file put in place (vitest undoes that before the next test, of which there is none) is undone before the next
// file is read: what it does as it is read would meet another's folders and doubles.
afterAll(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
