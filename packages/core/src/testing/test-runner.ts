/** The part of a test runner that the contract suites need. vitest's has it, and so do most others. */

/** What is expected of a value. */
export interface Expectation {
  toBe(expected: unknown): void
  toEqual(expected: unknown): void
}

/** Passed in, so that nobody who imports a suite has to install one particular runner. */
export interface TestRunner {
  readonly describe: (title: string, body: () => void) => void
  readonly it: (title: string, body: () => Promise<void>) => void
  readonly expect: (actual: unknown) => Expectation
}

/** One fact that a suite checks, with what it needs for it. */
export interface Case<Bench> {
  readonly title: string
  readonly check: (bench: Bench, expect: TestRunner['expect']) => Promise<void>
}

/** `title` begins with the rule that it is about. */
export const fact = <Bench>(title: string, check: Case<Bench>['check']): Case<Bench> => ({
  title,
  check,
})

/** Each case gets a bench of its own, which is cleaned whatever becomes of the test. */
export function runCases<Bench extends { clean(): Promise<void> }>(
  { describe, it, expect }: TestRunner,
  name: string,
  { cases, bench }: { cases: readonly Case<Bench>[]; bench: () => Promise<Bench> },
): void {
  describe(name, () => {
    for (const { title, check } of cases) {
      it(title, async () => {
        const made = await bench()
        try {
          await check(made, expect)
        } finally {
          await made.clean()
        }
      })
    }
  })
}
