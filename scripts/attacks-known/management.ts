import type { Attack } from "./attack.ts";

/** The management API and the audit log (AD). */
export const managementAttacks: readonly Attack[] = [
  {
    id: "AD-01",
    outcome:
      "Only a token of the API's own clients is accepted, for its resource and with the scope of the operation: no user's token, none of another audience, and none that has ended.",
  },
  {
    id: "AD-07",
    outcome: "A cursor that this server did not make is refused, and a list has at most 100 rows.",
  },
  {
    id: "AD-08",
    outcome:
      "The API is only where it is configured: with an address of its own, or off, the public one answers 404. It sends no CORS header, and the session of a browser counts for nothing.",
  },
];
