import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileWriter, parquetWriteBuffer, parquetWriteRows } from "hyparquet-writer";
import { afterAll, describe, expect, it, vi } from "vitest";
import { placed } from "../../../src/mistakes.js";
import {
  assumedLines,
  type LogSettings,
  type Logs,
  readingSentence,
  readLogs,
  readRecords,
} from "../../../src/preference/index.js";

const folder = mkdtempSync(join(tmpdir(), "candor-logs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SETTINGS: LogSettings = { kind: "logs", data: "x", scale: [1, 5], strip: false };

async function read(name: string, text: string, settings: Partial<LogSettings> = {}): Promise<Logs> {
  const path = join(folder, name);
  writeFileSync(path, text);
  return readLogs([{ name, records: await readRecords(path, name) }], { ...SETTINGS, ...settings });
}

const jsonLines = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const said = ({ replies }: Logs) =>
  replies.map(({ messages, mark, user }) => [user, mark, ...messages.map(({ content }) => content)]);

describe("readLogs", () => {
  it("reads CSV by the usual names, with lines over several rows, and sorts by time", async () => {
    const logs = await read(
      "a.csv",
      'created_at,user_id,input,output,rating\n2026-01-02,b,"two\nlines",fine,5\n2026-01-01,a,hello,"well, yes",2\n2026-01-03,c,hm,no,\n',
    );
    expect(said(logs)).toEqual([
      ["a", 0.25, "hello", "well, yes"],
      ["b", 1, "two\nlines", "fine"],
    ]);
    expect(logs.replies.map(({ place }) => placed(place))).toEqual(["a.csv:4", "a.csv:2"]);
    expect(logs.reading).toMatchObject({
      rows: 3,
      columns: { prompt: "input", reply: "output", stars: "rating", user: "user_id", time: "created_at" },
      left_out: [{ why: "without a mark", rows: 1, first: ["a.csv:5"] }],
    });
  });

  it("counts what is assumed: marks of nobody are each a person's, and times without a zone UTC's", async () => {
    const rows = [
      "2026-01-01 09:00,ann",
      "2026-01-02T09:00:00+02:00,",
      "2026-01-03T09:00:00Z,n/a",
      "2026-01-04,",
    ];
    const cells = rows.map((row, index) => `hi,reply ${index},5,${row}`);
    const { reading } = await read("z.csv", `input,output,rating,created_at,user_id\n${cells.join("\n")}\n`);
    expect(reading.assumed).toEqual({ nameless: 2, zoneless: 1 });
    expect(assumedLines(reading)).toEqual([
      "2 marks without a user: each counts as another person's",
      "1 time without a zone: read as UTC",
    ]);
    expect(readingSentence(reading)).toContain("; 1 time without a zone: read as UTC");
    const told = await read("y.csv", "input,output,rating\nhi,there,5\n");
    expect(assumedLines(told.reading)).toEqual([]);
  });

  // Each would have changed the order of the rounds, or which reply is learnt from, without a word.
  it.each([
    [
      "13/02/2026",
      "a.csv:3: a time that tells not which of its numbers is the month; say source.dates: day_first",
    ],
    ["03.02.2026", '; found "03.02.2026"'],
    ["2026-02-30", "a.csv:3: a time that is none; write 2026-03-14"],
    ["2026-02-30T09:00:00Z", "a.csv:3: a time that is none"],
    ["yesterday", "a.csv:3: a time that is none"],
    // Days of 2001, of 2000 and of 1970 to JavaScript; the last lies in March.
    ["week 3", "a.csv:3: a time that is none"],
    ["0", "a.csv:3: a time that is none"],
    ["20260302", "a.csv:3: a time that is none"],
    ["Feb 30 2026 10:00", "a.csv:3: a time that is none"],
    ["", "a.csv:3: has no time, and others have one"],
  ])("refuses the time %j", async (time, message) => {
    const rows = `input,output,rating,created_at\na,b,5,2026-01-31\nc,d,5,${time}\n`;
    await expect(read("a.csv", rows)).rejects.toThrow(message);
    const known = await read("a.csv", rows.replace(/,[^,]*\n$/u, ",2024-02-29T10:00:00+02:00\n"));
    expect(known.replies.map(({ place }) => placed(place))).toEqual(["a.csv:3", "a.csv:2"]);
  });

  // In whatever zone the machine is, and whatever unit the number has.
  it.each([
    ["2026-03-29 02:30:00", "2026-03-29T02:30:00.000Z"],
    ["2026-03-29T02:30", "2026-03-29T02:30:00.000Z"],
    ["2026-3-29", "2026-03-29T00:00:00.000Z"],
    ["2026/03/29 02:30", "2026-03-29T02:30:00.000Z"],
    ["Mar 29, 2026 02:30", "2026-03-29T02:30:00.000Z"],
    ["Sun Mar 29 2026 04:30:00 GMT+0200 (CEST)", "2026-03-29T02:30:00.000Z"],
    ["2026-03-29 04:30:00+02", "2026-03-29T02:30:00.000Z"],
    ["1774751400", "2026-03-29T02:30:00.000Z"],
    ["1774751400.5", "2026-03-29T02:30:00.500Z"],
    ["1774751400000", "2026-03-29T02:30:00.000Z"],
    ["1774751400000000", "2026-03-29T02:30:00.000Z"],
  ])("reads the time %s in any zone", async (time, told) => {
    for (const zone of ["America/New_York", "Europe/Berlin", "UTC"]) {
      vi.stubEnv("TZ", zone);
      const { replies } = await read("a.jsonl", jsonLines({ input: "a", output: "b", rating: 5, time }));
      expect(new Date(replies[0]!.time!).toISOString(), zone).toBe(told);
    }
  });

  it.each<[NonNullable<LogSettings["dates"]>, string, string]>([
    ["day_first", "03.02.2026", "2026-02-03T00:00:00.000Z"],
    ["day_first", "3/2/26 14:05", "2026-02-03T14:05:00.000Z"],
    ["month_first", "02/03/2026 2:05 PM", "2026-02-03T14:05:00.000Z"],
    ["month_first", "02/03/2026, 14:05:09 +02:00", "2026-02-03T12:05:09.000Z"],
    ["month_first", "2026-02-03T14:05:09Z", "2026-02-03T14:05:09.000Z"],
  ])("reads dates %s where the scenario says so: %s", async (dates, time, told) => {
    const { replies, reading } = await read("a.csv", `input,output,rating,date\na,b,5,"${time}"\n`, {
      dates,
    });
    expect(new Date(replies[0]!.time!).toISOString()).toBe(told);
    expect(reading.assumed.zoneless).toBe(/:\d\d(?: PM)?$/u.test(time) && !time.includes("+") ? 1 : 0);
  });

  it("refuses a date of the other order, and tells the same mistake of many rows once", async () => {
    const rows = ["03/02/2026", "13/02/2026", "14/02/2026", "15/02/2026"].map((date) => `a,b,5,${date}`);
    const text = `input,output,rating,date\n${rows.join("\n")}\n`;
    await expect(read("a.csv", text, { dates: "month_first" })).rejects.toThrow(
      /^a\.csv:3: a time that is none by source\.dates: month_first; write .*; found "13\/02\/2026"; the same in lines 4 and 5$/u,
    );
    await expect(read("a.csv", text)).rejects.toThrow(/^a\.csv:2: .*; the same in lines 3, 4 and 5$/u);
    expect((await read("a.csv", text, { dates: "day_first" })).replies).toHaveLength(4);
  });

  it("takes no blank, no other base and no infinity for stars, and a blank for none", async () => {
    const rows = [" ", "0x5", "Infinity", "5e0", " 4.0 ", "4,5"].map((rating) => ({
      input: "a",
      output: "b",
      rating,
    }));
    const { replies, reading } = await read("a.jsonl", jsonLines(...rows), { scale: [0, 5] });
    expect(replies.map(({ mark, place }) => [placed(place), mark])).toEqual([["a.jsonl:5", 0.8]]);
    expect(reading.left_out.map(({ why, first }) => [why, ...first])).toEqual([
      ["without a mark", "a.jsonl:1"],
      ['a mark that is no number ("0x5")', "a.jsonl:2"],
      ['a mark that is no number ("Infinity")', "a.jsonl:3"],
      ['a mark that is no number ("5e0")', "a.jsonl:4"],
      ['a mark with a comma ("4,5"); numbers have a point, such as 4.5', "a.jsonl:6"],
    ]);
  });

  it("takes names that look alike for one person's", async () => {
    const rows = ["Jos\u00e9", "Jose\u0301", "Jos\u00e9 "].map((user, at) => ({
      input: "a",
      output: `b${at}`,
      rating: 3,
      user,
    }));
    const { replies } = await read("a.jsonl", jsonLines(...rows));
    expect(new Set(replies.map(({ user }) => user))).toEqual(new Set(["Jos\u00e9"]));
  });

  it("leaves out rows with JSON in a cell whose fields stand twice", async () => {
    const rows = 'input,output,metadata\na,b,"{""rating"":1,""rating"":5}"\na,c,"{""rating"":4}"\n';
    const { replies, reading } = await read("a.csv", rows);
    expect(replies.map(({ place }) => placed(place))).toEqual(["a.csv:3"]);
    expect(reading.left_out).toEqual([
      { why: 'JSON in which "rating" stands twice', rows: 1, first: ["a.csv:2"] },
    ]);
  });

  it("refuses a table that breaks off in a row", async () => {
    const whole = "rating,input,output\n5,a,b\n1,it is the ca";
    await expect(read("a.csv", whole)).rejects.toThrow("a.csv:3: breaks off before its last column");
    expect((await read("a.csv", `${whole}\n`)).reading).toMatchObject({ rows: 2, left_out: [{ rows: 1 }] });
    expect((await read("a.csv", `${whole},no`)).replies).toHaveLength(2);
  });

  it("refuses a column that stands twice, and takes no truth for stars", async () => {
    await expect(read("a.csv", "input,output, output,rating\na,b,c,5\n")).rejects.toThrow(
      "a.csv:1: column output stands twice; name one otherwise",
    );
    const rows = [true, 4].map((rating) => ({ input: "a", output: "b", rating }));
    expect((await read("a.jsonl", jsonLines(...rows))).reading.left_out).toEqual([
      { why: "a mark that is no number (true)", rows: 1, first: ["a.jsonl:1"] },
    ]);
  });

  it("reads semicolons and tabs, and columns that the scenario names", async () => {
    const columns = { prompt: "frage", reply: "antwort", thumbs: "daumen" };
    expect(said(await read("a.csv", "frage;antwort;daumen\nx;y;up\n", { columns }))).toEqual([
      ["a.csv:2", 1, "x", "y"],
    ]);
    expect(said(await read("a.tsv", "frage\tantwort\tdaumen\nx\ty\t👎\n", { columns }))).toEqual([
      ["a.tsv:2", 0, "x", "y"],
    ]);
  });

  it("reads thumbs in the words that the scenario names, and no others", async () => {
    const thumbs = { up: ["Gut", 2, "none"], down: ["scho\u0308n blo\u0308d", false], none: ["egal"] };
    const rows = (...marks: unknown[]) =>
      jsonLines(...marks.map((mark) => ({ prompt: "p", reply: `r${mark}`, thumbs: mark })));
    const { replies, reading } = await read(
      "a.jsonl",
      rows("gut ", 2, "None", "Sch\u00f6n bl\u00f6d", false, "egal", ""),
      {
        thumbs,
      },
    );
    expect(replies.map(({ mark }) => mark)).toEqual([1, 1, 1, 0, 0]);
    expect(reading.left_out).toEqual([{ why: "without a mark", rows: 2, first: ["a.jsonl:6", "a.jsonl:7"] }]);
    // A word that is forgotten would take its rows away unseen; the usual words are others here.
    for (const word of ["schlecht", "up"])
      await expect(read("a.jsonl", rows("gut", word), { thumbs })).rejects.toThrow(
        `a.jsonl:2: a thumb that source.thumbs does not name; add the word to its up, its down or (for rows that count as not marked) its none; found "${word}"`,
      );
    // Stars beside it count where there is no thumb.
    const both = jsonLines({ prompt: "p", reply: "r", thumbs: "egal", stars: 5 });
    expect((await read("a.jsonl", both, { thumbs })).replies.map(({ mark }) => mark)).toEqual([1]);
    await expect(
      read("a.jsonl", jsonLines({ prompt: "p", reply: "r", stars: 5 }), { thumbs }),
    ).rejects.toThrow("a.jsonl: source.thumbs: no column is taken for thumbs, whose words this says");
    // Without a word of the scenario they are left out, and the reason says what to do.
    expect((await read("a.jsonl", rows("up", "gut"))).reading.left_out).toMatchObject([
      {
        why: 'thumbs that are neither up nor down ("gut"); source.thumbs says what words mean',
        first: ["a.jsonl:2"],
      },
    ]);
  });

  it("reads Parquet", async () => {
    const path = join(folder, "a.parquet");
    await parquetWriteRows({
      writer: fileWriter(path),
      columns: [{ name: "prompt" }, { name: "reply" }, { name: "thumbs" }],
      rows: [
        { prompt: "x", reply: "y", thumbs: true },
        { prompt: "x", reply: "z", thumbs: false },
      ],
      schema: [
        { name: "root", num_children: 3 },
        { name: "prompt", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
        { name: "reply", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
        { name: "thumbs", type: "BOOLEAN", repetition_type: "OPTIONAL" },
      ],
    });
    const logs = readLogs([{ name: "a.parquet", records: await readRecords(path, "a.parquet") }], SETTINGS);
    expect(said(logs)).toEqual([
      ["a.parquet row 1", 1, "x", "y"],
      ["a.parquet row 2", 0, "x", "z"],
    ]);
    writeFileSync(path, "no parquet");
    await expect(readRecords(path, "a.parquet")).rejects.toThrow("a.parquet: cannot be read as Parquet");
  });

  const parquetOf = (columnData: Parameters<typeof parquetWriteBuffer>[0]["columnData"]): Buffer =>
    Buffer.from(parquetWriteBuffer({ columnData, codec: "UNCOMPRESSED" }));
  const COLUMNS = [
    { name: "prompt", data: ["x", "z"] },
    { name: "reply", data: ["caf\u00e9", "no"] },
    { name: "stars", data: [5, 1] },
  ];
  const damaged = (bytes: Buffer): Buffer => {
    bytes.fill(0xff, 4, 8);
    bytes.write("reqly", bytes.lastIndexOf("reply"));
    return bytes;
  };
  it.each([
    ["a column that stands twice", parquetOf([...COLUMNS, COLUMNS[1]!]), "column reply stands twice"],
    [
      "a text that is not UTF-8",
      Buffer.from(parquetOf(COLUMNS).toString("latin1").replaceAll("\u00c3\u00a9", "\u00c3\u0028"), "latin1"),
      "a text in it is not UTF-8",
    ],
    ["half of it", parquetOf(COLUMNS).subarray(0, 100), "cannot be read as Parquet"],
    [
      "another end",
      Buffer.concat([parquetOf(COLUMNS).subarray(0, 40), parquetOf(COLUMNS).subarray(60)]),
      "damaged",
    ],
    // The second is found before anybody waits for the first, which once ended the process.
    [
      "a damaged column, and one that its schema lacks",
      damaged(parquetOf(COLUMNS)),
      "cannot be read as Parquet",
    ],
  ])("refuses Parquet with %s", async (_what, bytes, message) => {
    const path = join(folder, "b.parquet");
    writeFileSync(path, bytes);
    await expect(readRecords(path, "b.parquet")).rejects.toThrow(message);
  });

  it("refuses a time in Parquet that is none", () => {
    const value = { prompt: "x", reply: "y", stars: 5, time: new Date(Number.NaN) };
    const read = () =>
      readLogs([{ name: "a", records: [{ place: { file: "a", row: 1 }, value }] }], SETTINGS);
    expect(read).toThrow("a row 1: a time that is none");
  });

  it("reads Langfuse's traces: messages inside input, scores by their name", async () => {
    const trace = (value: number | undefined, reply: unknown) => ({
      id: "t",
      timestamp: "2026-03-01T10:00:00Z",
      userId: "u",
      input: {
        messages: [
          { role: "system", content: "be kind" },
          { role: "user", content: "hi" },
        ],
      },
      output: reply,
      scores:
        value === undefined
          ? []
          : [
              { name: "latency", value: 3 },
              { name: "user-feedback", value },
            ],
    });
    const text = JSON.stringify({
      data: [trace(1, { role: "assistant", content: "hello" }), trace(0, "go"), trace(undefined, "x")],
    });
    const logs = await read("traces.json", text);
    expect(said(logs)).toEqual([
      ["u", 1, "be kind", "hi", "hello"],
      ["u", 0, "be kind", "hi", "go"],
    ]);
    expect(logs.reading.columns).toMatchObject({ thumbs: "scores.user-feedback", user: "userId" });
  });

  it("reads requests and answers of OpenAI's interface, in a table's cells too", async () => {
    const request = {
      model: "m",
      messages: [
        { role: "developer", content: "d" },
        { role: "user", content: [{ type: "text", text: "q" }] },
      ],
    };
    const response = { choices: [{ message: { role: "assistant", content: "a" } }] };
    const row = {
      request,
      response,
      metadata: { user_id: "7", feedback: "thumbs_up" },
      created: 1_700_000_000,
    };
    const lines = await read("log.jsonl", jsonLines(row));
    expect(said(lines)).toEqual([["7", 1, "d", "q", "a"]]);
    expect(lines.replies[0]!.time).toBe(1_700_000_000_000);
    const cells = `request,response,thumbs\n"${JSON.stringify(request).replaceAll('"', '""')}","${JSON.stringify(response).replaceAll('"', '""')}",no\n`;
    expect(said(await read("log.csv", cells))).toEqual([["log.csv:2", 0, "d", "q", "a"]]);
  });

  it("leaves out replies that were cut off, wherever the row says so, and tells it", async () => {
    const messages = [{ role: "user", content: "q" }];
    const choice = (finish_reason: string | null) => [
      { finish_reason, message: { role: "assistant", content: "a" } },
    ];
    const row = (response: object, more: object = {}) => ({
      request: { messages },
      response,
      stars: 5,
      ...more,
    });
    const { replies, reading } = await read(
      "log.jsonl",
      jsonLines(
        row({ choices: choice("stop") }),
        row({ choices: choice("length") }),
        row({ choices: choice("content_filter") }),
        row({ choices: choice(null) }),
        row({ choices: choice("length") }, { edited: "a whole reply" }),
      ),
    );
    expect(replies.map(({ place, cut }) => [place.line, cut])).toEqual([
      [1, undefined],
      [4, undefined],
      [5, true],
    ]);
    expect(reading.left_out).toEqual([
      { why: "a reply that was cut off (length)", rows: 1, first: ["log.jsonl:2"] },
      { why: "a reply that was cut off (content_filter)", rows: 1, first: ["log.jsonl:3"] },
    ]);
    expect(readingSentence(reading)).toContain(
      "left out, a reply that was cut off (length): 1 (log.jsonl:2)",
    );
    const plain = { input: "q", output: "a", rating: 4 };
    const said = { role: "assistant", content: "a" };
    for (const told of [
      { ...plain, finish_reason: "length" },
      { ...plain, metadata: { stop_reason: "max_tokens" } },
      { ...plain, output: { ...said, finish_reason: "length" } },
      { ...plain, response: { incomplete_details: { reason: "max_output_tokens" } } },
    ])
      expect((await read("b.jsonl", jsonLines(plain, told))).reading.left_out, JSON.stringify(told)).toEqual([
        { why: "a reply that was cut off (length)", rows: 1, first: ["b.jsonl:2"] },
      ]);
    const told = [null, "max_tokens"].map((stop_reason) => ({
      rating: 4,
      messages: [...messages, { ...said, stop_reason }],
    }));
    expect((await read("m.jsonl", jsonLines(...told))).replies).toHaveLength(1);
    const named = await read("c.csv", "input,output,rating,why\nq,a,5,end_turn\nq,b,5,MAX_TOKENS\n", {
      columns: { finish: "why" },
    });
    expect(named.replies.map(({ place }) => place.line)).toEqual([2]);
  });

  it("finds marks, users and times in a request's metadata by any of their usual names, and names fields within fields", async () => {
    const request = { messages: [{ role: "user", content: "q" }], user: "ann" };
    const response = { created: 1_700_000_000, choices: [{ message: { role: "assistant", content: "a" } }] };
    for (const rated of [
      { metadata: { thumbs: "up" } },
      { metadata: { stars: 5 } },
      { request: { ...request, metadata: { liked: true } } },
    ]) {
      const logs = await read("m.jsonl", jsonLines({ request, response, ...rated }));
      expect(said(logs)).toEqual([["ann", 1, "q", "a"]]);
      expect(logs.replies[0]!.time).toBe(1_700_000_000_000);
    }
    // A score of something else is nobody's mark.
    const other = jsonLines({ request, response, metadata: { score: 5 } });
    await expect(read("s.jsonl", other)).rejects.toThrow(
      "no column holds the users' marks; name source.columns.thumbs or source.columns.stars, or edited; its columns are request, request.messages, request.user, response, response.created, response.choices, metadata, metadata.score",
    );
  });

  it("takes whole conversations up to the last reply, with the deployment's instructions where they have none", async () => {
    const messages = [
      { from: "human", value: "a" },
      { from: "gpt", value: "b" },
      { from: "human", value: "c" },
      { from: "gpt", value: "d" },
      { from: "human", value: "thanks" },
    ];
    const logs = await read("c.jsonl", jsonLines({ conversations: messages, liked: true }), {
      system: "be brief",
    });
    expect(said(logs)).toEqual([["c.jsonl:1", 1, "be brief", "a", "b", "c", "d"]]);
  });

  it("says of every row that it cannot use why, and where", async () => {
    const good = { prompt: "p", reply: "r", stars: 5 };
    const logs = await read(
      "m.jsonl",
      jsonLines(
        good,
        { ...good, stars: "many" },
        { ...good, reply: "" },
        { prompt: "p", stars: 1 },
        {
          ...good,
          prompt: [{ role: "user", content: [{ type: "image_url" }] }],
        },
        { ...good, reply: { role: "assistant", tool_calls: [{}] } },
      ),
    );
    expect(logs.replies).toHaveLength(1);
    expect(logs.reading.left_out.map(({ why, first }) => [first[0], why])).toEqual([
      ["m.jsonl:2", 'a mark that is no number ("many")'],
      ["m.jsonl:3", "an empty reply"],
      ["m.jsonl:4", "no reply"],
      ["m.jsonl:5", "a message that is not text alone"],
      ["m.jsonl:6", "a tool's call"],
    ]);
  });

  it("refuses marks of another scale, of which the low ones would stay and the high ones go", async () => {
    const rows = jsonLines({ prompt: "p", reply: "r", stars: 1 }, { prompt: "q", reply: "s", stars: 10 });
    await expect(read("m.jsonl", rows)).rejects.toThrow(
      "m.jsonl:2: a mark outside of source.scale [1, 5]; give the lowest and the highest mark that users could give, or take the row out; found 10",
    );
    const two = jsonLines({ prompt: "p", reply: "r", stars: 9 }, { prompt: "q", reply: "s", stars: 0 });
    await expect(read("n.jsonl", two)).rejects.toThrow(/^n\.jsonl:1: .*; found 9; the same in line 2$/u);
    expect((await read("m.jsonl", rows, { scale: [1, 10] })).replies.map(({ mark }) => mark)).toEqual([0, 1]);
  });

  it.each([
    [
      "a.jsonl",
      jsonLines({ prompt: "p", reply: "r" }),
      {},
      "no column holds the users' marks; name source.columns.thumbs",
    ],
    [
      "a.jsonl",
      jsonLines({ text: "p", stars: 1 }),
      {},
      "no column holds the conversation; name source.columns.messages",
    ],
    [
      "a.jsonl",
      jsonLines({ prompt: "p", reply: "r", stars: 1 }),
      { columns: { user: "usr" } },
      "source.columns.user: no row has a column usr",
    ],
    [
      "a.jsonl",
      jsonLines({ prompt: "p", reply: "r", stars: null, thumbs: "" }),
      {},
      "a.jsonl:1: without a mark (1 row)",
    ],
    ["a.jsonl", jsonLines({ prompt: "p", reply: "", stars: 3 }), {}, "a.jsonl:1: an empty reply (1 row)"],
    ["a.jsonl", "{\n[]\n", {}, "a.jsonl:1"],
    ["a.json", "{}", {}, 'a.json: expected a list of rows, or one under "data"'],
  ] as [string, string, Partial<LogSettings>, string][])(
    "refuses %s, case %#, by name",
    async (name, text, settings, message) => {
      await expect(read(name, text, settings)).rejects.toThrow(message);
    },
  );

  it("counts what looks like personal data, and takes it out on request, with users' names", async () => {
    const row = {
      prompt: "i am ada@example.org, call +49 170 1234567",
      reply: "ok",
      stars: 5,
      user: "ada@example.org",
    };
    const text = jsonLines(row, { ...row, user: "bob" }, row);
    const kept = await read("p.jsonl", text);
    expect(kept.reading.personal).toEqual([
      { kind: "email", found: 5, rows: 3 },
      { kind: "phone", found: 3, rows: 3 },
    ]);
    expect(kept.replies[0]!.messages[0]!.content).toBe(row.prompt);
    const clean = await read("p.jsonl", text, { strip: true });
    expect(clean.reading).toMatchObject({ stripped: true, personal: kept.reading.personal });
    expect(said(clean)[0]).toEqual(["user-1", 1, "i am [email], call [phone]", "ok"]);
    expect(clean.replies.map(({ user }) => user)).toEqual(["user-1", "user-2", "user-1"]);
    expect(JSON.stringify(clean)).not.toContain("example.org");
    expect(said(await read("p.jsonl", text, { strip: ["phone"] }))[0]![2]).toBe(
      "i am ada@example.org, call [phone]",
    );
  });
});

describe("exports that overlap", () => {
  const row = (n: number, more: object = {}) => ({ input: `q${n}`, output: `a${n}`, rating: 5, ...more });
  async function readAll(files: object[][], settings: Partial<LogSettings> = {}): Promise<Logs> {
    const read = files.map(async (rows, at) => {
      const path = join(folder, `overlap-${at}.jsonl`);
      writeFileSync(path, jsonLines(...rows));
      return { name: `${at}.jsonl`, records: await readRecords(path, `${at}.jsonl`) };
    });
    return readLogs(await Promise.all(read), { ...SETTINGS, ...settings });
  }
  const wheres = ({ replies }: Logs) => replies.map(({ place }) => placed(place));
  const day = { created_at: "2026-01-02" };
  const moment = { created_at: "2026-01-02T10:00:01Z" };

  it.each<[string, object[][], number, string[]]>([
    [
      "two files, no user",
      [
        [row(1), row(2)],
        [row(2), row(3)],
      ],
      1,
      ["0.jsonl:1", "0.jsonl:2", "1.jsonl:2"],
    ],
    [
      "one file twice",
      [
        [row(1), row(2)],
        [row(1), row(2)],
      ],
      2,
      ["0.jsonl:1", "0.jsonl:2"],
    ],
    [
      "what one has twice and the other once",
      [
        [row(1), row(1)],
        [row(1), row(2)],
      ],
      1,
      ["0.jsonl:1", "0.jsonl:2", "1.jsonl:2"],
    ],
    ["three files", [[row(1)], [row(1)], [row(1), row(1)]], 2, ["0.jsonl:1", "2.jsonl:2"]],
    [
      "users",
      [[row(1, { user: "a" })], [row(1, { user: "a" }), row(1, { user: "b" })]],
      1,
      ["0.jsonl:1", "1.jsonl:2"],
    ],
    ["a user that only one of them tells", [[row(1, { user: "a" })], [row(1)]], 1, ["0.jsonl:1"]],
    [
      "days",
      [[row(1, day)], [row(1, day), row(1, { created_at: "2026-01-03" })]],
      1,
      ["0.jsonl:1", "1.jsonl:2"],
    ],
    ["one file with a moment that stands twice", [[row(1, moment), row(1, moment)]], 1, ["0.jsonl:1"]],
  ])("are refused, dropped or kept: %s", async (_what, files, again, left) => {
    const rows = files.flat().length;
    await expect(readAll(files)).rejects.toThrow(
      new RegExp(
        `^${again} rows? of ${rows} with a mark stands? in the exports twice \\(\\d.jsonl:\\d as \\d.jsonl:\\d.*source.overlap: drop`,
        "u",
      ),
    );
    const dropped = await readAll(files, { overlap: "drop" });
    expect(wheres(dropped).sort()).toEqual(left);
    expect(dropped.reading.left_out).toMatchObject([{ why: "stands there once more", rows: again }]);
    expect((await readAll(files, { overlap: "keep" })).replies).toHaveLength(rows);
  });

  it.each<[string, object[][]]>([
    ["other marks", [[row(1)], [row(1, { rating: 4 })]]],
    ["other days", [[row(1, day)], [row(1, { created_at: "2026-01-03" })]]],
    ["other users", [[row(1, { user: "a" })], [row(1, { user: "b" })]]],
    ["other topics", [[row(1, { topic: "a" })], [row(1, { topic: "b" })]]],
    ["other reasons", [[row(1, { reason: "a" })], [row(1, { reason: "b" })]]],
    ["other edits", [[row(1, { edited: "a" })], [row(1, { edited: "b" })]]],
    ["the same words twice in one file, by whoever", [[row(1), row(1)]]],
    ["the same on one day", [[row(1, day), row(1, day)]]],
  ])("are no %s", async (_what, files) => {
    expect((await readAll(files)).replies).toHaveLength(2);
  });
});
