import type { Context } from "hono";
import { ApiError } from "./errors.js";

/** The JSON of a request. Throws an ApiError where its bytes are no text: read with marks for them, it would ask something else. */
export async function readBody(context: Context): Promise<unknown> {
  const bytes = await context.req.arrayBuffer();
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError("the body is not UTF-8");
  }
  return JSON.parse(text);
}
