/** Why no test notices a mutant. It is found by its source text: `line` is a part of the line on which it begins. */
export type Explanation = {
  /** How its path ends. */
  file: string;
  line: string;
  /** What is replaced, and by what; left out where the reason holds for every mutant of the line. */
  from?: string;
  to?: string;
  /** `equivalent`: no input and no order of events can tell the two apart. */
  kind: "equivalent" | "survivor";
  why: string;
};

export const explanations: readonly Explanation[] = [];
