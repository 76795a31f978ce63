import type { en } from "./en.ts";

export type MessageName = keyof typeof en;

/** The messages of one language, by name. */
export type Messages = Readonly<Record<MessageName, string>>;

/** The names of the placeholders of a message: `"application"` for "Allow {application}?". */
export type PlaceholderOf<Name extends MessageName> = Placeholder<(typeof en)[Name]>;

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

/** A text, the name of a placeholder, a text, and so on: placeholders are the members with odd indices. */
export const splitMessage = (message: string): string[] => message.split(/\{([a-z_]+)\}/);
