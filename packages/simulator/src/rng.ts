/** Chance from a seed: the same seed gives the same world on every machine. Knows whole numbers only. */

/** Mutable: each draw moves it on. */
export class Rng {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
    // Neighbouring seeds must not begin alike.
    this.next()
    this.next()
  }

  /** 32 bits of chance (the finaliser of MurmurHash3 over a Weyl sequence). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }

  /** In [0, bound). */
  below(bound: number): number {
    return this.next() % bound
  }

  /** Both ends included. */
  between([min, max]: Range): number {
    return min + this.below(max - min + 1)
  }

  /** True in `numerator` of `denominator` cases. */
  chance(numerator: number, denominator: number): boolean {
    return numerator > 0 && this.below(denominator) < numerator
  }

  /** Undefined only for an empty list. */
  pick<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.below(items.length)]
  }

  /** A new array with the same items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({ item, key: this.next() }))
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
  }

  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += this.next().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }

  /** Another generator, so that one part of a world draws without moving the others. */
  fork(): Rng {
    return new Rng(this.next())
  }
}

/** A least and a greatest value, both included. */
export type Range = readonly [min: number, max: number]
