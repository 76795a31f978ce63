/** A control call named an application, person or grant that does not exist. */
export class UnknownName extends Error {
  override readonly name = "UnknownName";
}
