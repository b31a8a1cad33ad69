import { openPlain, type Within } from "../disk/index.js";

/** The whole lines among a file's first bytes; none where there is no file. */
export async function firstLines(path: string, bytes: number, within?: Within): Promise<Buffer[]> {
  const file = await openPlain(path, within);
  if (!file) return [];
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = buffer.indexOf(0x0a); end >= 0 && end < bytesRead; end = buffer.indexOf(0x0a, start)) {
      lines.push(buffer.subarray(start, end));
      start = end + 1;
    }
    return lines;
  } finally {
    await file.close();
  }
}
