/** Five steps for somebody who is new here, each done by doing it, each to be skipped. Knows what a group shows; does nothing. */
import type { App, AppParts } from './apps/app.ts'
import { byId, setAttribute, setText } from './element.ts'

interface Step {
  readonly words: string
  /** The page's way to more tabs stands beside the step. */
  readonly opens?: true
  readonly isDone: () => boolean
}

/** A tab that came into a group that others had begun is not new here. */
export function createCoach({ group }: AppParts): App {
  const place = byId('coach')
  const ballotBefore = { num: 0 }
  const steps: readonly Step[] = [
    {
      words: 'Open two more tabs. Each is a node; two of three are enough to decide.',
      opens: true,
      isDone: () => group.status.members.filter(({ reached }) => reached).length > 2,
    },
    {
      words: 'Take a seat. It is yours once a majority has it on disk.',
      isDone: () => Object.values(group.state.taken).includes(group.me),
    },
    {
      words: 'Let all tabs press one seat at once, below the seats. One gets it.',
      isDone: () => group.state.race.number > 0,
    },
    {
      words:
        'Close the tab with the crown in the ring; if it is this one, let another tab lead first. Nothing is lost.',
      isDone: () => ballotBefore.num > 0 && group.status.ballot.num > ballotBefore.num,
    },
    {
      words: 'Make trouble: cut a link below the ring, and see the group go on.',
      isDone: () => (group.inspect.faults?.list().length ?? 0) > 0,
    },
  ]
  let at = 0
  let isOver = false
  let isDecided = false
  const show = (): void => {
    const step = steps[at]
    setAttribute(place, 'hidden', isOver || step === undefined)
    if (step === undefined) return
    setText(byId('coach-step'), `Step ${at + 1} of ${steps.length}`)
    setText(byId('coach-words'), step.words)
    setAttribute(byId('coach-open'), 'hidden', step.opens !== true)
  }
  const skip = (): void => {
    at += 1
    // Only a change that happens from now on is the one that is asked for.
    ballotBefore.num = group.status.ballot.num
    show()
  }
  byId('coach-skip').addEventListener('click', skip)
  byId('coach-end').addEventListener('click', () => {
    isOver = true
    show()
  })
  group.inspect.faults?.subscribe(() => update())
  const update = (): void => {
    const { status, state } = group
    if (status.phase !== 'ready' || isOver) return
    if (!isDecided) {
      isDecided = true
      isOver = status.members.length > 1 || state.race.number > 0
    }
    while (!isOver && steps[at]?.isDone() === true) skip()
    show()
  }
  return { update }
}
