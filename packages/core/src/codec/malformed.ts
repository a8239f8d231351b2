/** Bytes that are not what they should be. Knows no format. */

/** Thrown inside this room only; every exported decoder turns it into a reason. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}
