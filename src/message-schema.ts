import { z } from "zod";
import type { Message } from "./message.js";

/** Turns of a conversation as they stand in files and as modules give them; what else a turn holds is let through. */
export const messagesSchema = z.array(
  z.looseObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() }),
) satisfies z.ZodType<Message[]>;
