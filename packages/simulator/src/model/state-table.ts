/**
 * All states found so far, each `width` numbers and how it was reached, in the order of their discovery, which is that of a
 * breadth-first search. Exact: whole states are compared, a hash only says where to look. 44 bytes a state of eight numbers.
 */

const chunkStates = 1 << 20

export class StateTable {
  readonly #width: number
  readonly #row: number
  readonly #chunks: Int32Array[] = []
  #slots = new Int32Array(1 << 16).fill(-1)
  #size = 0

  constructor(width: number) {
    this.#width = width
    this.#row = width + 2
  }

  get size(): number {
    return this.#size
  }

  /** True: it was new. */
  add(state: Int32Array, parent: number, action: number): boolean {
    if (this.#size * 2 >= this.#slots.length) this.#grow()
    const mask = this.#slots.length - 1
    let slot = this.#hash(state, 0) & mask
    for (;;) {
      const at = this.#slots[slot] ?? -1
      if (at === -1) break
      if (this.#equals(at, state)) return false
      slot = (slot + 1) & mask
    }
    const at = this.#size
    this.#slots[slot] = at
    if (at % chunkStates === 0) this.#chunks.push(new Int32Array(chunkStates * this.#row))
    const chunk = this.#chunkOf(at)
    const begin = (at % chunkStates) * this.#row
    chunk.set(state, begin)
    chunk[begin + this.#width] = parent
    chunk[begin + this.#width + 1] = action
    this.#size += 1
    return true
  }

  read(at: number, into: Int32Array): void {
    const begin = (at % chunkStates) * this.#row
    into.set(this.#chunkOf(at).subarray(begin, begin + this.#width))
  }

  /** From the beginning to the state at `at`. */
  pathTo(at: number): readonly number[] {
    const actions: number[] = []
    for (let here = at; here > 0;) {
      const begin = (here % chunkStates) * this.#row + this.#width
      const chunk = this.#chunkOf(here)
      actions.push(chunk[begin + 1] ?? 0)
      here = chunk[begin] ?? 0
    }
    return actions.reverse()
  }

  #chunkOf(at: number): Int32Array {
    const chunk = this.#chunks[Math.floor(at / chunkStates)]
    if (chunk === undefined) throw new RangeError(`no state ${at}`)
    return chunk
  }

  #hash(numbers: Int32Array, begin: number): number {
    let hash = 0x811c9dc5
    for (let at = begin; at < begin + this.#width; at += 1) {
      hash = Math.imul(hash ^ (numbers[at] ?? 0), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    return (hash ^ (hash >>> 13)) >>> 0
  }

  #equals(at: number, state: Int32Array): boolean {
    const chunk = this.#chunkOf(at)
    const begin = (at % chunkStates) * this.#row
    for (let offset = 0; offset < this.#width; offset += 1) {
      if (chunk[begin + offset] !== state[offset]) return false
    }
    return true
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 4).fill(-1)
    const mask = slots.length - 1
    for (let at = 0; at < this.#size; at += 1) {
      let slot = this.#hash(this.#chunkOf(at), (at % chunkStates) * this.#row) & mask
      while (slots[slot] !== -1) slot = (slot + 1) & mask
      slots[slot] = at
    }
    this.#slots = slots
  }
}
