/** One value that is made when it is asked for, and stays the same object until what it shows is another. */
export class Memo<T> {
  #value: T | undefined
  #shows: string | undefined
  #expired = true

  /** What the value shows may have changed. */
  expire(): void {
    this.#expired = true
  }

  current(make: () => T): T {
    if (!this.#expired && this.#value !== undefined) return this.#value
    const value = make()
    const shows = JSON.stringify(value)
    this.#expired = false
    if (this.#value !== undefined && shows === this.#shows) return this.#value
    this.#shows = shows
    this.#value = value
    return value
  }
}
