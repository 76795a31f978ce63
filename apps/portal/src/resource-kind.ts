type Typed = { type: string; kind?: string };

/**
 * The type of a resource as words in a sentence: as the provider says, else "company" for "Company", "tax office" for
 * "TaxOffice".
 */
export const kindOf = ({ type, kind }: Typed): string => kind ?? wordsOf(type);

const wordsOf = (type: string): string =>
  type
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[\s_-]+/u)
    .map((word) => (/^\p{Lu}\p{Ll}/u.test(word) ? word.toLowerCase() : word))
    .join(" ");

/** The different types of these resources, as words, in the order in which they occur. */
export const kindsOf = (resources: readonly Typed[]): readonly string[] => [...new Set(resources.map(kindOf))];
