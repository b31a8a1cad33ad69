/** What a failed call means for those that follow. */
export type Failure = {
  /** Whether the same call may succeed later: too many requests, a server in trouble, a broken connection, a time-out. */
  retryable: boolean;
  /** Whether the server says that it has too much to do. */
  overload: boolean;
  /** How long it asks to be left alone, in milliseconds; null if it does not say. */
  waitMs: number | null;
  /** Whether every other call to this model must fail too: no such model, a wrong key, no credit left. */
  fatal: boolean;
  /** Whether nobody listens at the address: a server that has ended, unless it is only starting again. */
  unreachable: boolean;
  /** Whether the server gave no answer at all, or not in time: it may be gone, where there are others to ask. */
  absent: boolean;
  /** What went wrong, in one line. */
  message: string;
};

/** Thrown where a reply took longer than it may. */
export class TimeOut extends Error {
  override name = "TimeOut";
}

/** Thrown where a server lacks what it is asked for: no other call would fare better. */
export class CannotServe extends Error {
  override name = "CannotServe";
}

/** Thrown where a server answers with something that is no reply and will not become one. */
export class BadAnswer extends Error {
  override name = "BadAnswer";
}

/** Thrown where a reply came, but not to its end, through a fault of the server: the same call may succeed later. */
export class BrokenOff extends Error {
  override name = "BrokenOff";
}

/** Thrown where a server does not tell what it was asked for beside a reply; another way may be tried. */
export class NotReported extends Error {
  override name = "NotReported";
}

/** What an error of anybody's tells, as far as it is of the form that is read. */
type Raw = {
  /** The error itself, for its class. */
  from: unknown;
  name?: string;
  message?: string;
  status?: number;
  code?: unknown;
  headers?: unknown;
  cause?: Raw;
};

/** Errors within errors that are looked at. */
const DEEPEST = 8;

function rawOf(error: unknown, depth = 0): Raw {
  if (typeof error !== "object" || error === null) return { from: error, message: String(error) };
  const { name, message, status, code, headers, cause } = error as Record<string, unknown>;
  return {
    from: error,
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof message === "string" ? { message } : {}),
    ...(typeof status === "number" ? { status } : {}),
    code,
    headers,
    ...(typeof cause === "object" && cause !== null && depth < DEEPEST - 1
      ? { cause: rawOf(cause, depth + 1) }
      : {}),
  };
}

const FATAL = new Set([401, 402, 404]);
const OVERLOAD = new Set([429, 503, 529]);
/** Not implemented and the wrong HTTP version stay so; 408 and 425 ask for another attempt. */
const LASTING = new Set([501, 505]);
const OFTEN_PASSING = new Set([408, 425, 429]);
/** A name that does not exist, a certificate that is not trusted and a server that speaks no HTTP stay so. */
const LASTING_CODES =
  /^(?:ENOTFOUND|EPROTO|HPE_(?!INVALID_EOF)|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;
const NETWORK_CODES =
  /^(?:E(?:CONN[A-Z]+|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NETDOWN|AI_AGAIN)|UND_ERR_(?:SOCKET|CLOSED|DESTROYED|[A-Z]+_TIMEOUT))$/;

/** Reads an error of any chat model, be it the OpenAI client's, fetch's or another's. */
export function readFailure(error: unknown): Failure {
  const raw = rawOf(error);
  const status = statusOf(raw);
  const message = inOneLine(raw, status);
  if (status !== undefined) {
    const exhausted = status === 429 && raw.code === "insufficient_quota";
    return {
      retryable: !exhausted && (OFTEN_PASSING.has(status) || (status >= 500 && !LASTING.has(status))),
      overload: !exhausted && OVERLOAD.has(status),
      waitMs: retryAfter(raw.headers),
      fatal: exhausted || FATAL.has(status),
      unreachable: false,
      absent: false,
      message,
    };
  }
  const timedOut = raw.from instanceof TimeOut || raw.name === "TimeoutError";
  return {
    retryable: timedOut || isBrokenConnection(raw),
    overload: timedOut,
    waitMs: null,
    fatal: causes(raw).some((part) => part.from instanceof CannotServe),
    unreachable: causes(raw).some(({ code }) => code === "ECONNREFUSED"),
    absent:
      timedOut || (isBrokenConnection(raw) && !causes(raw).some((part) => part.from instanceof BrokenOff)),
    message,
  };
}

function statusOf({ status, cause }: Raw): number | undefined {
  return status ?? cause?.status;
}

/** Also a reply that breaks off or is no JSON: it was cut, or something stood in for the server. */
function isBrokenConnection(raw: Raw): boolean {
  const chain = causes(raw);
  if (chain.some(({ from }) => from instanceof BadAnswer || from instanceof CannotServe)) return false;
  if (chain.some((part) => part.from instanceof BrokenOff)) return true;
  const codes = chain.flatMap(({ code }) => (typeof code === "string" ? [code] : []));
  if (codes.some((code) => LASTING_CODES.test(code))) return false;
  if (codes.some((code) => NETWORK_CODES.test(code))) return true;
  if (chain.some((part) => part.from instanceof SyntaxError)) return true;
  return chain.some(({ message, name }) =>
    /^(?:Connection error|fetch failed|terminated|network|socket|premature close)/i.test(
      message ?? name ?? "",
    ),
  );
}

function causes(raw: Raw): Raw[] {
  const chain: Raw[] = [];
  for (let part: Raw | undefined = raw; part; part = part.cause) chain.push(part);
  return chain;
}

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), or `retry-after-ms`, which is finer. */
export function retryAfter(headers: unknown, now: () => number = Date.now): number | null {
  const fine = Number(header(headers, "retry-after-ms") ?? Number.NaN);
  if (fine >= 0) return fine;
  const text = header(headers, "retry-after");
  if (text === null || text.trim() === "") return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now());
}

function header(headers: unknown, name: string): string | null {
  if (typeof headers !== "object" || headers === null) return null;
  if (headers instanceof Headers) return headers.get(name);
  const value = (headers as Record<string, unknown>)[name];
  return typeof value === "string" ? value : null;
}

/** The message with its cause, without the advice that LangChain adds below it. */
function inOneLine(raw: Raw, status: number | undefined): string {
  const own = (raw.message ?? "").split("\n\nTroubleshooting URL")[0]!.replace(/\s+/g, " ").trim();
  const deepest = causes(raw).at(-1)!;
  // The client's own words for a call that failed before there was an answer say nothing.
  for (const Own of [BadAnswer, BrokenOff, CannotServe])
    if (deepest.from instanceof Own) return deepest.from.message;
  const why =
    deepest === raw || !deepest.message || own.includes(deepest.message) ? "" : ` (${deepest.message})`;
  const text = `${own}${why}`;
  return status === undefined || text.includes(String(status)) ? text : `HTTP ${status}: ${text}`;
}
