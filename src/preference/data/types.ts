import type { Message } from "../../models/types.js";
import type { Provenance } from "../types.js";

/** What a line of a data file teaches: a reply, one with a verdict on it, or the better of two. */
type Taught =
  | { prompt: Message[]; completion: Message[]; label?: boolean }
  | { prompt: Message[]; chosen: Message[]; rejected: Message[] };

/** With what of its system prompt tells what of the user, where the line says so. */
export type Lesson = Taught & Pick<Provenance, "parts">;

export type DataRow = Taught & { source: Provenance };
