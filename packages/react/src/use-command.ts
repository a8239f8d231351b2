/** A command of the group, with what became of it. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ArgsOf, Proposal, ResultOf } from 'unanimous'
import type { CommandsOf, MachineLike, StateOf } from './machine-types.ts'
import { useSharedGroup } from './use-group.ts'

/** What became of a component's commands. */
export interface CommandState<R> {
  /** One of them, at least, is proposed and not yet decided. */
  readonly pending: boolean
  /** Why the last one that ended failed; undefined if it did not. */
  readonly error: Error | undefined
  /** The result of the last one that was decided. */
  readonly last: R | undefined
}

/** How a component uses a command. */
export interface CommandOptions<S, A> {
  /** The state that the command should lead to: drawn at once, and dropped when the group has decided, whatever it decided. */
  readonly optimistic?: (state: S, args: A) => S
}

/** Proposes; the arguments may be left out where the command takes none. */
export type RunCommand<A, R> = undefined extends A
  ? (args?: A) => Proposal<R>
  : (args: A) => Proposal<R>

type Of<M extends MachineLike, K extends keyof CommandsOf<M>> = CommandsOf<M>[K]

/**
 * `[run, { pending, error, last }]`. `run` gives the proposal; its failure need not be caught, for `error` shows it.
 *
 * @example
 * const [book, { pending, error }] = useCommand<typeof seats, 'book'>('book')
 */
export function useCommand<M extends MachineLike, K extends keyof CommandsOf<M> & string>(
  name: K,
  options: CommandOptions<StateOf<M>, ArgsOf<Of<M, K>>> = {},
): readonly [RunCommand<ArgsOf<Of<M, K>>, ResultOf<Of<M, K>>>, CommandState<ResultOf<Of<M, K>>>] {
  type Args = ArgsOf<Of<M, K>>
  type Result = ResultOf<Of<M, K>>
  const shared = useSharedGroup()
  const optimistic = useRef(options.optimistic)
  const mounted = useMounted()
  const [state, setState] = useState<CommandState<Result> & { readonly waiting: number }>(idle)
  useEffect(() => {
    optimistic.current = options.optimistic
  })

  const run = useCallback(
    (args?: Args): Proposal<Result> => {
      const command = shared.group.do[name]
      if (command === undefined)
        throw new Error(`The machine of this group has no command ${name}.`)
      const proposal = command(args as never) as Proposal<Result>
      const guess = optimistic.current
      const drop =
        guess === undefined
          ? undefined
          : shared.expect((now) => guess(now as StateOf<M>, args as Args))
      setState((before) => ({ ...before, waiting: before.waiting + 1, pending: true }))
      const end = (part: Partial<CommandState<Result>>): void => {
        drop?.()
        if (!mounted.current) return
        setState((before) => {
          const waiting = before.waiting - 1
          return { ...before, ...part, waiting, pending: waiting > 0 }
        })
      }
      proposal.then(
        (last) => end({ last, error: undefined }),
        (error: unknown) =>
          end({ error: error instanceof Error ? error : new Error(String(error)) }),
      )
      return proposal
    },
    [shared, name, mounted],
  )
  const { pending, error, last } = state
  return [run, { pending, error, last }]
}

const idle = { pending: false, error: undefined, last: undefined, waiting: 0 } as const

function useMounted(): { readonly current: boolean } {
  const mounted = useRef(false)
  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])
  return mounted
}
