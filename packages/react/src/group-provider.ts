/** Opens a group for the components below it, and shares it with every other provider of the same room and machine. */
import * as react from 'react'
import { createElement, useEffect, useState, useSyncExternalStore } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { createGroup } from 'unanimous'
import type { Commands, GroupOptions } from 'unanimous'
import { createRegistry } from './registry.ts'
import type { Opening, OpeningState } from './registry.ts'
import { SharedGroup, SharedGroupContext } from './shared-group.ts'

/** The options of `createGroup` but `abort`, read once: another room or machine is another group, any other change is ignored. */
export interface GroupProviderProps<S, C extends Commands<S>> extends Omit<
  GroupOptions<S, C>,
  'abort'
> {
  /** Shown while the group opens. Without it the provider suspends (React 19) or shows nothing: put a `Suspense` around it. */
  readonly fallback?: ReactNode
  readonly children?: ReactNode
}

interface OpenGroup {
  readonly shared: SharedGroup
  close(): void
}

const registry = createRegistry()

/** Since React 19. */
const { use } = react as Partial<typeof react>

/**
 * Opens the group when it is first mounted, and closes it a second after its last provider is gone: StrictMode and hot reloads
 * make one connection, not two. What `createGroup` rejects with is thrown to the nearest error boundary.
 *
 * @example
 * <GroupProvider room="cinema-7" machine={seats} signal={url} fallback={<p>Joining …</p>}>
 *   <Seat id="A1" />
 * </GroupProvider>
 */
export function GroupProvider<S, C extends Commands<S>>(
  props: GroupProviderProps<S, C>,
): ReactElement {
  const { fallback, children, ...options } = props
  const opening = useOpening(options)
  const state = useSyncExternalStore(opening.subscribe, opening.state, opening.state)
  useEffect(() => opening.hold(), [opening])
  return createElement(SharedGroupContext, contentOf(opening, state, { fallback, children }))
}

function useOpening<S, C extends Commands<S>>(options: GroupOptions<S, C>): Opening<OpenGroup> {
  const key = `${options.machine.name}/${options.room}`
  const [kept, keep] = useState<{ readonly key: string; readonly opening: Opening<OpenGroup> }>()
  if (kept?.key === key) return kept.opening
  const opening = registry.lease(key, () => open(options))
  keep({ key, opening })
  return opening
}

async function open<S, C extends Commands<S>>(options: GroupOptions<S, C>): Promise<OpenGroup> {
  const group = await createGroup(options)
  const shared = new SharedGroup(group)
  return { shared, close: () => group.close() }
}

interface Shown {
  readonly fallback: ReactNode
  readonly children: ReactNode
}

function contentOf(
  opening: Opening<OpenGroup>,
  state: OpeningState<OpenGroup>,
  { fallback, children }: Shown,
): { readonly value: SharedGroup | undefined; readonly children: ReactNode } {
  // Asked in every phase: a component that suspends by it once must call it to its end. It throws what the group rejects with.
  if (fallback === undefined && use !== undefined) {
    return { value: use(opening.promise).shared, children }
  }
  switch (state.phase) {
    case 'open':
      return { value: state.value.shared, children }
    case 'failed':
      throw state.error
    case 'opening':
      return { value: undefined, children: fallback }
  }
}
