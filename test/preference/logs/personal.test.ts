import { expect, it } from "vitest";
import { withoutPersonal } from "../../../src/preference/logs/personal.js";

it.each([
  ["write to a.b+c@mail.example.co.uk.", "write to [email]."],
  ["card 4111 1111 1111 1111, please", "card [card], please"],
  ["card 5500-0000-0000-0004", "card [card]"],
  ["to DE89 3704 0044 0532 0130 00 today", "to [iban] today"],
  ["from 192.168.0.17 and 2001:db8::ff00:42:8329", "from [ip] and [ip]"],
  ["call +1 (415) 555-0100 or (030) 123456-78", "call [phone] or [phone]"],
  ["0170 123 45 67", "[phone]"],
])("takes out what is one: %s", (text, left) => {
  expect(withoutPersonal(text).text).toBe(left);
});

it.each([
  "order 4111 1111 1111 1112 failed", // no card: its check digit is wrong
  "on 2026-03-01 at 10:30, version 1.2.3",
  "it costs 1 200 000 euros, 14 of 20 claims failed",
  "meet @ noon; a ratio of 3:4:5 and section 12.4.1",
  "999.1.1.1 is no address",
  "DE88370400440532013000 is none", // no IBAN: it does not divide
])("leaves the rest: %s", (text) => {
  expect(withoutPersonal(text)).toEqual({ text, found: {} });
});
