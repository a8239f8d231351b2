/**
 * The application of every tab: it only remembers what it was given, in an order that cannot be mixed up, as a number. Knows
 * how to be stored and how to go on from there.
 */
import type { Decided, Snapshot, Summary } from '@unanimous/core/internal'
import { hashOfState } from '@unanimous/core/internal'

const prime = 16_777_619
const begin = 2_166_136_261

export class Tape {
  #commands = 0
  #sum = begin

  apply({ entry, repeat }: Decided): void {
    // What commands mean from here on is a part of the state.
    if (entry.kind === 'machine') this.#mix(entry.version)
    if (entry.kind !== 'command' || repeat) return
    this.#commands += 1
    this.#mix(entry.author.charCodeAt(0), entry.author.charCodeAt(1), entry.incarnation, entry.seq)
    this.#mix(...entry.command.subarray(0, 16))
  }

  #mix(...numbers: readonly number[]): void {
    for (const number of numbers) this.#sum = Math.imul(this.#sum ^ number, prime) >>> 0
  }

  save(): Uint8Array {
    const bytes = new Uint8Array(8)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, this.#commands)
    view.setUint32(4, this.#sum)
    return bytes
  }

  restore(saved: Uint8Array): void {
    const view = new DataView(saved.buffer, saved.byteOffset, saved.length)
    this.#commands = view.getUint32(0)
    this.#sum = view.getUint32(4)
  }
}

/** What a tab answers when it is asked for its application's state. */
export function captured({ sessions, ...rest }: Summary, tape: Tape): Snapshot {
  const state = tape.save()
  return {
    head: {
      ...{ ...rest, digest: '0'.repeat(64), commands: 0 },
      ...{ hash: hashOfState(state), sessionCount: sessions.length, stateBytes: state.length },
    },
    ...{ sessions, state },
  }
}
