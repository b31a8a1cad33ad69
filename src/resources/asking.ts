import type { Permissions } from "../permissions/index.js";
import type { Scenario } from "../scenario/index.js";
import type { Loaded } from "./types.js";

/** Calls a loader, gives what it loaded, and keeps what that depends on. */
type Take = <A extends readonly unknown[], T>(
  loader: (...args: A) => Promise<Loaded<T>>,
  ...args: A
) => Promise<T>;

/** A scenario whose files are being loaded. */
export type Asking = {
  scenario: Scenario;
  /** The scenario's file: what it names is looked up beside it first. */
  scenarioPath: string;
  /** What the user lets it do. */
  permissions: Permissions;
  take: Take;
};
