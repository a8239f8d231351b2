/** The one way in which the demo ends badly on purpose. */

/** Something outside this program is not as it must be; the message is for whoever typed the command. */
export class DemoError extends Error {
  readonly code = 'demo'
  override readonly name = 'DemoError'
}
