import { html, type Html } from "@symbolon/html";
import { splitMessage, type MessageName, type Messages, type PlaceholderOf } from "./messages.ts";
import { makeDurations, type Durations } from "./durations.ts";
import { en } from "./en.ts";

type Values<Name extends MessageName, Value> = [PlaceholderOf<Name>] extends [never]
  ? []
  : [Readonly<Record<PlaceholderOf<Name>, Value>>];

/** What a page needs to speak one language. */
export type Language = {
  /** BCP 47 */
  tag: string;
  direction: "ltr" | "rtl";
  /** A message as markup. Strings among the values are escaped. */
  text<Name extends MessageName>(name: Name, ...values: Values<Name, Html | string>): Html;
  /** A message as plain text, for the title. */
  plain<Name extends MessageName>(name: Name, ...values: Values<Name, string>): string;
  durations: Durations;
};

/** A language of these messages. Those that it lacks are shown in English, and marked as English. */
export function makeLanguage(tag: string, messages: Partial<Messages>): Language {
  const messageOf = (name: MessageName): string => messages[name] ?? en[name];
  const fill = <Value>(name: MessageName, [values]: readonly Readonly<Record<string, Value>>[]): (string | Value)[] =>
    splitMessage(messageOf(name)).map((part, at) => (at % 2 === 0 ? part : values![part]!));
  return {
    tag,
    direction: directionOf(tag),
    text(name, ...values) {
      const parts = html`${fill<Html | string>(name, values as never)}`;
      return messages[name] === undefined ? html`<span lang="en" dir="ltr">${parts}</span>` : parts;
    },
    plain: (name, ...values) => fill<string>(name, values as never).join(""),
    durations: makeDurations(tag, messageOf("duration.moment")),
  };
}

/** The direction of the script that the language is usually written in. */
function directionOf(tag: string): "ltr" | "rtl" {
  const locale = new Intl.Locale(tag) as Intl.Locale & { getTextInfo(): { direction: "ltr" | "rtl" } };
  return locale.getTextInfo().direction;
}
