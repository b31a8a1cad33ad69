import type { ContentfulStatusCode } from "hono/utils/http-status";
import { UserError } from "../errors.js";

/** A request that is answered with an error, in the shape that OpenAI's clients know. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: ContentfulStatusCode;
  /** The field at fault, and a word that programs can test for. */
  readonly param: string | null;
  readonly code: string | null;

  constructor(
    message: string,
    {
      status = 400,
      param = null,
      code = null,
    }: { status?: ContentfulStatusCode; param?: string | null; code?: string | null } = {},
  ) {
    super(message);
    this.status = status;
    this.param = param;
    this.code = code;
  }
}

/** The body of an error. */
export function errorBody({ message, status, param, code }: ApiError): {
  error: Record<string, string | null>;
} {
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  return { error: { message, type, param, code } };
}

/** Any failure as one that can be answered: user mistakes keep their message, the unforeseen does not show its insides. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof UserError) return new ApiError(error.message);
  return new ApiError("the server failed; its log says how", { status: 500 });
}
