/** Numbers for values: the same number for equal values, so that whole states are a few numbers. */

export class Catalog<T> {
  readonly #ids = new Map<string, number>()
  readonly #values: T[] = []

  get size(): number {
    return this.#values.length
  }

  /** `key`: equal for equal values, different for different ones. */
  idOf(key: string, value: () => T): number {
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#values.length
    this.#ids.set(key, id)
    this.#values.push(value())
    return id
  }

  at(id: number): T {
    const value = this.#values[id]
    if (value === undefined) throw new RangeError(`nothing has the number ${id}`)
    return value
  }
}
