import type { Attack } from "./attack.ts";

/** Sign-in that is not that of built-in accounts. */
export const signInAttacks: readonly Attack[] = [
  {
    id: "SI-01",
    outcome:
      "The id of a sign-in works once, in the browser and for the request that it was made for, and expires; the person is shown the way on.",
  },
  {
    id: "SI-02",
    outcome:
      "Only the browser that left to sign in, and in which the person signed in, is signed in when it comes back; a link that was sent to a victim does nothing, on the way out or on the way back.",
  },
  {
    id: "SI-03",
    outcome:
      "What the provider's server says of a person is checked: no suspended subject, no resource of others, no sign-in of the future; the first answer stands.",
  },
  { id: "SI-04", outcome: "The browser comes back to this server's own address, which no request can change." },
  {
    id: "SI-05",
    outcome:
      "prompt, max_age, acr_values and a change of account hold to the end, also where the one who signs people in ignores them.",
  },
  { id: "SI-07", outcome: "A sign-in that is never finished leaves no row." },
];
