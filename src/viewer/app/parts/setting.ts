import type { RunEntry } from "../../api.js";
import { share } from "../format.js";

/** What sets a run of a sweep apart from the others but for its seed: its place on every axis. */
export function settingOf({ axes, name }: RunEntry): string {
  const words = Object.entries(axes).map(([path, value]) => axisWords(path, value));
  return words.join(", ") || name;
}

function axisWords(path: string, value: string | number | boolean): string {
  const persona = /^population\.personas\.([^.]+)$/u.exec(path)?.[1];
  if (persona !== undefined && typeof value === "number") return `${share(value)} ${persona}`;
  if (path === "case") return String(value);
  return path === "training.method" ? String(value).toUpperCase() : `${path.split(".").at(-1)} ${value}`;
}
