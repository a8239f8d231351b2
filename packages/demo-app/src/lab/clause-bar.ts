/** What can be done to one node from the shown moment on: a row of buttons. Does nothing itself. */
import { element, setText } from '../element.ts'
import type { Clause } from './edits.ts'
import { clauses } from './edits.ts'

export interface ClauseBar {
  readonly bar: HTMLElement
  show(name: string): void
  hide(): void
}

export function createClauseBar(chosen: (clause: Clause, name: string) => void): ClauseBar {
  let subject = ''
  const title = element('strong')
  const buttons = clauses.map((clause) => {
    const button = element('button', { type: 'button', class: 'secondary' }, clause)
    button.addEventListener('click', () => chosen(clause, subject))
    return button
  })
  const bar = element(
    'div',
    { class: 'clauses', role: 'group', 'aria-label': 'What happens to this node', hidden: true },
    title,
    ...buttons,
  )
  return {
    bar,
    show(name) {
      subject = name
      setText(title, `From now on, ${name}:`)
      bar.hidden = false
    },
    hide() {
      bar.hidden = true
    },
  }
}
