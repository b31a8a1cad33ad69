import type { Message } from "../../models/types.js";
import type { Provenance } from "../types.js";

/** What a line of a data file teaches: a reply, one with a verdict on it, or the better of two. */
export type Lesson =
  | { prompt: Message[]; completion: Message[]; label?: boolean }
  | { prompt: Message[]; chosen: Message[]; rejected: Message[] };

export type DataRow = Lesson & { source: Provenance };
