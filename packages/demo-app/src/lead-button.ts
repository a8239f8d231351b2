/** The button by which a person hands the lead to this tab, and why it was not handed over. */
import type { Group } from 'unanimous'
import { NotGranted } from 'unanimous'
import { byId, setAttribute, setText } from './element.ts'
import type { House, HouseCommands } from './house-machine.ts'

export interface LeadButton {
  update(): void
}

export function createLeadButton(group: Group<House, HouseCommands>): LeadButton {
  const [button, words] = [byId('lead'), byId('lead-words')]
  let isAsking = false
  const update = (): void => {
    const { phase, leader } = group.status
    const leads = leader === group.me
    setAttribute(button, 'disabled', isAsking || leads || phase !== 'ready')
    setText(button, leads ? 'This tab leads' : 'Lead from this tab')
  }
  button.addEventListener('click', () => {
    isAsking = true
    setText(words, 'Asking the leader …')
    update()
    void lead(group).then((outcome) => {
      isAsking = false
      setText(words, outcome)
      update()
    })
  })
  return { update }
}

async function lead({ admin, me }: Group<House, HouseCommands>): Promise<string> {
  try {
    await admin.transferLeadership(me)
    return 'This tab leads now; nothing was lost on the way.'
  } catch (error) {
    if (error instanceof NotGranted && error.why === 'not-a-voter') {
      return 'This tab has no vote, and only voters lead. Close a voter’s tab, and a standby takes its place.'
    }
    return error instanceof Error ? error.message : String(error)
  }
}
