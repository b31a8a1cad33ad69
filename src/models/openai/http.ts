import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type Readable, Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { BadAnswer, BrokenOff } from "../limits/index.js";
import type { RawAnswer } from "./answer.js";

/**
 * The longest answer that is read, in bytes after unpacking. A reply is a few kilobytes; a prompt of 100,000 tokens read with
 * `prompt_logprobs` about ten megabytes.
 */
export const LONGEST_ANSWER = 16 * 2 ** 20;

// Connections are kept and shared by all models.
const http = new HttpAgent({ keepAlive: true });
const https = new HttpsAgent({ keepAlive: true });

export type HttpRequest = {
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  signal?: AbortSignal;
};

/**
 * Sends a request on Node's own HTTP, a fifth of the processor time of the built-in `fetch`, which at a thousand calls a second
 * decides how many a process can make (`npm run bench -- traffic`). Resolves once the head of the answer is there; an abort ends it
 * at any time. No redirect is followed: a call goes to the host that is named, or fails.
 */
export async function send(address: string | URL, request: HttpRequest): Promise<IncomingMessage> {
  const url = new URL(address);
  const response = await open(url, request);
  const { statusCode: status = 0 } = response;
  if (status < 300 || status >= 400) return response;
  response.destroy();
  throw new BadAnswer(`${url.origin} answers with a redirect (HTTP ${status}), which is not followed`);
}

/** Sends a request and reads the whole answer. Throws BadAnswer on one that is too long or packed in an unknown way. */
export async function ask(address: string | URL, request: HttpRequest): Promise<RawAnswer> {
  return await readWhole(await send(address, request));
}

/** The whole of an answer, unpacked, as text. */
export async function readWhole(response: IncomingMessage): Promise<RawAnswer> {
  const { statusCode: status = 0, headers } = response;
  return { status, headers: plain(headers), text: await textOf(response) };
}

/** An answer piece by piece, unpacked, no longer than the longest. */
export function readPieces(response: IncomingMessage): Readable {
  let bytes = 0;
  const bounded = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      bytes += piece.length;
      if (bytes > LONGEST_ANSWER) done(tooLong());
      else done(null, piece);
    },
  });
  const source = unpacked(response);
  source.on("error", (error) => bounded.destroy(error));
  bounded.on("close", () => response.destroy());
  return source.pipe(bounded);
}

function open(url: URL, { method, headers, body, signal }: HttpRequest): Promise<IncomingMessage> {
  const text = body ?? "";
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, "content-length": Buffer.byteLength(text) }, signal };
    const request: ClientRequest =
      url.protocol === "https:"
        ? httpsRequest(url, { ...options, agent: https }, resolve)
        : httpRequest(url, { ...options, agent: http }, resolve);
    request.on("error", reject);
    request.end(text);
  });
}

function textOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      response.destroy();
      reject(error);
    };
    if (Number(response.headers["content-length"]) > LONGEST_ANSWER) return fail(tooLong());
    const pieces: Buffer[] = [];
    let bytes = 0;
    const source = unpacked(response);
    source.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > LONGEST_ANSWER) fail(tooLong());
      else pieces.push(piece);
    });
    source.on("end", () => {
      try {
        resolve(decoded(Buffer.concat(pieces), response.headers["content-type"]));
      } catch (error) {
        reject(error);
      }
    });
    source.on("error", (error: NodeJS.ErrnoException) =>
      fail(
        error.code?.startsWith("Z_") || error.code?.startsWith("ERR_BROTLI")
          ? new BrokenOff(`the server's answer cannot be unpacked: ${error.message}`)
          : error,
      ),
    );
    // A connection that ends before its time without an error of its own.
    response.on("close", () => {
      if (!response.complete) reject(new BrokenOff("the connection ended in the middle of the answer"));
    });
  });
}

/** Some servers and proxies pack what nobody asked them to pack. */
function unpacked(response: IncomingMessage): Readable {
  const encodings = (response.headers["content-encoding"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "" && name !== "identity");
  if (encodings.length === 0) return response;
  const unpack = encodings.length === 1 ? UNPACK[encodings[0]!]?.() : undefined;
  if (!unpack) {
    response.destroy();
    throw new BadAnswer(`the server packs its answers as ${encodings.join(", ")}, which cannot be read here`);
  }
  response.on("error", (error) => unpack.destroy(error));
  return response.pipe(unpack);
}

const UNPACK: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function decoded(bytes: Buffer, type: string | undefined): string {
  const [, name = "utf-8"] = /charset="?([\w-]+)/i.exec(type ?? "") ?? [];
  if (/^utf-?8$/i.test(name)) return bytes.toString("utf8");
  try {
    return new TextDecoder(name).decode(bytes);
  } catch {
    throw new BadAnswer(`the server writes its answers in ${name}, which cannot be read here`);
  }
}

function tooLong(): BadAnswer {
  return new BadAnswer(`the server's answer is longer than ${LONGEST_ANSWER / 2 ** 20} MiB`);
}

export function plain(headers: IncomingMessage["headers"]): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [value].flat().map((one) => [name, one]),
  );
}
