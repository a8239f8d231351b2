/** The time between a page's being put away and its being shown again, for whoever has to wait for its end. */
export class Absence {
  #over: Promise<void> | undefined
  #end: () => void = () => undefined

  /** Undefined: the page is here, or ended for good. Resolves when either becomes true. */
  get over(): Promise<void> | undefined {
    return this.#over
  }

  begin(): void {
    this.#over ??= new Promise((resolve) => {
      this.#end = resolve
    })
  }

  end(): void {
    this.#over = undefined
    this.#end()
  }
}
