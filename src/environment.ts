import { UserError } from "./errors.js";
import type { Permissions } from "./permissions/index.js";

// The one reader of the process's environment: what candor looks at there, of which form it is, and what programs inherit. Nothing of
// it is written anywhere; keys are read by name where they are sent, and by nobody else.

/** A variable that is not set, and one that is empty, say nothing. */
const text = (value: string | undefined): string | undefined => (value === "" ? undefined : value);
const isSet = (value: string | undefined): boolean => text(value) !== undefined;
/** As it is: here an empty one says something (no cards). */
const whole = (value: string | undefined): string | undefined => value;

function allowed(value: string | undefined, name: string): boolean {
  if (value === "1") return true;
  if (value === undefined || value === "" || value === "0") return false;
  throw new UserError(`${name}: expected 1 or nothing, found ${JSON.stringify(value)} (in the environment)`);
}

function count(value: string | undefined, name: string): number | undefined {
  if (text(value) === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/u.test(value!)) return Number(value);
  throw new UserError(
    `${name}: expected a whole number from 1, found ${JSON.stringify(value)} (in the environment)`,
  );
}

const of =
  <T>(name: string, read: (value: string | undefined, name: string) => T) =>
  (): T =>
    read(process.env[name], name);

/**
 * Every variable that is looked at by a name of its own, and what it says. Throws a UserError where it has a form, and is not of it.
 */
export const setting = {
  /** Errors with the place in the program where they happened. */
  CANDOR_DEBUG: of("CANDOR_DEBUG", isSet),
  /** See no-color.org. */
  NO_COLOR: of("NO_COLOR", isSet),
  /** One of blanks alone would guard nothing. */
  CANDOR_VIEW_TOKEN: of("CANDOR_VIEW_TOKEN", (value) => text(value?.trim())),
  /** Command lines are seen by everybody on a machine: an address with a password is better given here. */
  CANDOR_QUEUE: of("CANDOR_QUEUE", text),
  CANDOR_ALLOW_PATHS: of("CANDOR_ALLOW_PATHS", allowed),
  CANDOR_ALLOW_KEYS: of("CANDOR_ALLOW_KEYS", allowed),
  CANDOR_ALLOW_MODULES: of("CANDOR_ALLOW_MODULES", allowed),
  /** Put there by a process of ours for one that it starts. */
  CANDOR_GPUS: of("CANDOR_GPUS", whole),
  CANDOR_TRAINERS_PER_GPU: of("CANDOR_TRAINERS_PER_GPU", count),
  CUDA_VISIBLE_DEVICES: of("CUDA_VISIBLE_DEVICES", whole),
  PATH: of("PATH", text),
  /** How npm was called. */
  npm_command: of("npm_command", text),
  npm_lifecycle_event: of("npm_lifecycle_event", text),
  npm_package_name: of("npm_package_name", text),
} as const;

/** The key in a variable that a file names; undefined where it holds none. One that was read from a file often ends as a line does. */
export const keyIn = (variable: string): string | undefined => text(process.env[variable]?.trim());

/** What a process of ours is given by whoever started it. */
export function allowedHere(): Permissions {
  return {
    paths: setting.CANDOR_ALLOW_PATHS(),
    keys: setting.CANDOR_ALLOW_KEYS(),
    modules: setting.CANDOR_ALLOW_MODULES(),
  };
}

/** For a process that is to have these permissions and no others: a variable that it must not inherit is empty. */
export function allowing({ paths, keys, modules }: Permissions): Record<string, string> {
  const said = (may: boolean): string => (may ? "1" : "");
  return {
    CANDOR_ALLOW_PATHS: said(paths),
    CANDOR_ALLOW_KEYS: said(keys),
    CANDOR_ALLOW_MODULES: said(modules),
  };
}

/** The environment of a program that is started: all of this process's, and more. */
export const inherited = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  ...more,
});

/** Variables for another program: as the user has set them, else as they are given here. */
export const unlessSet = (usual: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(usual).map(([name, value]) => [name, process.env[name] ?? value]));

/**
 * To be called before ONNX Runtime is loaded. Unless it is told not to, 1.30 opens a client that reports its use to its makers
 * (mobile.events.data.microsoft.com), with an id and a log for each process in the temporary folder. What the user has set stays.
 */
export function quietRuntime(): void {
  Object.assign(process.env, unlessSet({ ORT_DISABLE_TELEMETRY: "1" }));
}

/** Takes variables away from this process, and so from the libraries in it. */
export function forget(names: readonly string[]): void {
  for (const name of names) delete process.env[name];
}
