/** What a checker says when the world shows something that must not be. */

export class Violation extends Error {
  override readonly name = 'Violation'
  readonly rule: string

  constructor(rule: string, message: string, options?: ErrorOptions) {
    super(`${rule}: ${message}`, options)
    this.rule = rule
  }
}

export function demand(condition: boolean, rule: string, message: () => string): asserts condition {
  if (!condition) throw new Violation(rule, message())
}
