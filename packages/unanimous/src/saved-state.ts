/** A machine's state as the bytes that are stored and sent, and back. Knows no machine. */

/** As JSON, with its keys in the order in which they were made: a handler may go through them. */
export const savedOf = (state: unknown): Uint8Array =>
  new TextEncoder().encode(JSON.stringify([state]))

export const stateIn = (saved: Uint8Array): unknown =>
  (JSON.parse(new TextDecoder().decode(saved)) as readonly unknown[])[0]
