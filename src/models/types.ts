export type { Message } from "../message.js";
