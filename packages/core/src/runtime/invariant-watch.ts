/** Holds the protocol's invariants against a running replica, step by step, and counts. Knows when, not what they say. */
import { InvariantViolation } from '../base/assert.ts'
import { checkInvariants, momentOf } from '../protocol/invariants.ts'
import type { Moment } from '../protocol/invariants.ts'
import type { ProtocolState } from '../protocol/state.ts'

/** One rule that must hold after every step, and how often it was looked at. */
export interface InvariantCount {
  readonly name: string
  readonly checked: number
  readonly violated: number
}

const sentences: Readonly<Record<string, string>> = {
  INV1: 'nothing is accepted above what was promised',
  INV2: 'a promise is never taken back',
  INV3: 'an acceptance is never taken back',
  INV4: 'what is decided never shrinks',
  INV5: 'what is decided is in the log',
  INV6: 'a decided entry is never replaced',
  INV7: 'within one ballot the log only grows',
  INV8: 'who leads has promised its own ballot',
  INV9: 'who leads holds its own log, and counts no more than it',
  INV10: 'weights and configurations match the log',
  INV11: 'time never goes back along the log',
}

export class InvariantWatch {
  readonly #state: ProtocolState
  #previous: Moment
  #checked = 0
  readonly #violated = new Map<string, number>()

  constructor(state: ProtocolState) {
    this.#state = state
    this.#previous = momentOf(state)
  }

  /** Throws InvariantViolation, which the caller must not survive. */
  look(): void {
    this.#checked += 1
    try {
      checkInvariants(this.#previous, this.#state)
    } catch (error) {
      if (error instanceof InvariantViolation) this.#count(error.message.split(':')[0] ?? '')
      throw error
    }
    this.#previous = momentOf(this.#state)
  }

  counts(): readonly InvariantCount[] {
    return Object.entries(sentences).map(([id, sentence]) => ({
      name: `${id}: ${sentence}`,
      checked: this.#checked,
      violated: this.#violated.get(id) ?? 0,
    }))
  }

  #count(id: string): void {
    this.#violated.set(id, (this.#violated.get(id) ?? 0) + 1)
  }
}
