import { z } from "zod";

/** A text that fits; `error` says what it must be. */
export const text = (error: string, fits: (value: string) => boolean) => z.string({ error }).refine(fits, error);

/** A path; `what` names what is there. */
export const pathOf = (what: string) =>
  text(`must be the path of a ${what}`, (value) => value.length > 0 && !value.includes("\0"));
