/** The control was asked about something that is not there. */
export class UnknownName extends Error {
  override readonly name = "UnknownName";
}
