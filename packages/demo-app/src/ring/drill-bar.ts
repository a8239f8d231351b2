/** The invitation to close the leader's tab, and what came of it. Knows the drill; the ring is drawn elsewhere. */
import type { Group } from 'unanimous'
import { byId, setAttribute, setText } from '../element.ts'
import type { House, HouseCommands } from '../house-machine.ts'
import type { Drill } from './drill.ts'
import { drillWords, startDrill } from './drill.ts'

export interface DrillBar {
  update(): void
}

export function createDrillBar(
  group: Group<House, HouseCommands>,
  nameOf: (id: string) => string,
): DrillBar {
  const [button, words] = [byId('drill'), byId('drill-words')]
  let drill: Drill | undefined
  const update = (): void => {
    const { leader, members, phase } = group.status
    const isPossible = members.length > 2 && leader !== undefined && leader !== group.me
    setAttribute(button, 'disabled', drill === undefined && !(isPossible && phase === 'ready'))
    setText(button, drill === undefined ? 'Close the leader’s tab …' : 'Stop waiting')
    // What was measured stays until the next time.
    if (drill !== undefined || words.dataset['kind'] === 'result') return
    if (members.length < 3)
      setText(words, 'With three tabs one of them may vanish, even the leader.')
    else if (leader === group.me) {
      setText(words, 'This tab leads. Press the button in another one, then close this.')
    } else {
      setText(words, `Press it, then close the tab of ${nameOf(leader ?? '')}, the leader.`)
    }
  }
  button.addEventListener('click', () => {
    if (drill !== undefined) {
      drill.stop()
      return
    }
    const { leader } = group.status
    drill = startDrill(group)
    delete words.dataset['kind']
    setText(
      words,
      `Now close the tab of ${nameOf(leader ?? '')}. This tab writes ten times a second meanwhile.`,
    )
    void drill.result.then((result) => {
      drill = undefined
      words.dataset['kind'] = 'result'
      setText(words, drillWords(result, nameOf))
      update()
    })
    update()
  })
  return { update }
}
