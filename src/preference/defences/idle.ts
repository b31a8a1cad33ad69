import { group } from "../../group.js";
import type { DefenceSettings } from "../../scenario/index.js";
import { talkKey } from "../logs/talk-key.js";
import type { Logs } from "../logs/types.js";
import type { Row } from "../types.js";
import { hasPhrase } from "./phrases.js";

/** A stage that cannot act: its place in the list, the field of it that is to blame, and why. */
type Idle = { index: number; field?: string; message: string };

/** What is known of the rows before a run: real feedback, the rows of data files, or that simulated users come, and whether again and with reasons. */
type Known =
  | { from: "logs"; logs: Logs }
  | { from: "files"; rows: readonly Row[] }
  | { from: "users"; comeAgain: boolean; giveReasons: boolean };

/** Stages that would let everything through, by what is known before the run. */
export function idleStages(stages: readonly DefenceSettings[], known: Known): Idle[] {
  return stages.flatMap((stage, index): Idle[] => {
    const found =
      known.from === "logs"
        ? (onLogs(stage, known.logs) ?? unsaid(stage, repliesOf(known)))
        : known.from === "files"
          ? unsaid(stage, repliesOf(known))
          : onUsers(stage, known);
    return found === null ? [] : [{ index, ...found }];
  });
}

type Found = Omit<Idle, "index"> | null;

function onUsers(
  stage: DefenceSettings,
  { comeAgain, giveReasons }: Extract<Known, { from: "users" }>,
): Found {
  if (stage.kind === "reason_veto" && !giveReasons)
    return { message: "simulated users give no reasons; set interaction.reasons: true, or leave it out" };
  return stage.kind === "cap" && stage.by === "user" && !comeAgain
    ? {
        field: "by",
        message:
          "each user talks once, so none has more than one conversation; use by: situation, or population.life, where users come again",
      }
    : null;
}

function onLogs(stage: DefenceSettings, { replies, reading: { columns } }: Logs): Found {
  switch (stage.kind) {
    case "cap":
      if (stage.by === "user")
        return columns.user !== undefined
          ? null
          : {
              field: "by",
              message:
                "no column says who marked a reply, so each counts as somebody else's; name source.columns.user",
            };
      return columns.topic !== undefined
        ? null
        : {
            field: "by",
            message:
              "no column says what a conversation is about, so all would count as one situation; name source.columns.topic",
          };
    case "rater_agreement":
    case "rater_bias":
      return [...group(replies, ({ messages }) => talkKey(messages)).values()].some(
        (same) => new Set(same.map(({ user }) => user)).size > 1,
      )
        ? null
        : { message: `no reply was marked by two users, and ${stage.kind} compares raters; leave it out` };
    case "reason_veto": {
      if (!replies.some(({ reason }) => reason !== undefined))
        return { message: "no row gives a reason; name source.columns.reason, or leave it out" };
      return replies.flatMap(({ reason }) => reason ?? []).some(hasPhrase(stage.phrases))
        ? null
        : {
            field: "phrases",
            message: "no reason in the data has one of them, so nothing would be left out",
          };
    }
    default:
      return null;
  }
}

/** Phrases that nobody says. */
function unsaid(stage: DefenceSettings, replies: readonly string[]): Found {
  const judges = stage.kind === "honesty_veto" || stage.kind === "agreement_penalty";
  if (!judges || stage.judge !== "rule" || !stage.phrases) return null;
  return replies.some(hasPhrase(stage.phrases))
    ? null
    : {
        field: "phrases",
        message: `no reply in the data has one of them, so ${stage.kind} would do nothing`,
      };
}

function repliesOf(known: Exclude<Known, { from: "users" }>): string[] {
  if (known.from === "logs")
    return known.logs.replies.flatMap(({ messages, edited }) => [messages.at(-1)!.content, edited ?? ""]);
  return known.rows.flatMap((row) =>
    ("chosen" in row ? row.chosen : row.completion).map(({ content }) => content),
  );
}
