/** The protocol's own rules, and how often this tab has checked each of them. Draws only while somebody sees it. */
import type { Inspect } from 'unanimous'
import { byId, element, keyedList, setAttribute, setText } from '../element.ts'
import { every } from '../every.ts'

type Count = ReturnType<Inspect['invariants']>[number]

const refreshMs = 1_000

export function startRulesBoard(inspect: Inspect): void {
  const board = byId('rules-board')
  const show = keyedList<Count>({
    parent: byId('rules'),
    keyOf: ({ name }) => name,
    make: () => element('li', {}, element('span', { class: 'rule-words' }), element('strong')),
    update: (made, { name, violated }) => {
      const [words, count] = made.querySelectorAll('span, strong')
      if (words !== undefined) setText(words, name.replace(/^\w+: /, ''))
      if (count !== undefined) setText(count, violated === 0 ? 'holds' : `broken ${violated} times`)
      setAttribute(made, 'data-broken', violated > 0)
    },
  })
  const refresh = (): void => {
    if (document.hidden || !board.checkVisibility()) return
    const counts = inspect.invariants()
    const checked = Math.max(0, ...counts.map((each) => each.checked))
    const violated = counts.reduce((sum, each) => sum + each.violated, 0)
    setText(
      byId('rules-sum'),
      `${counts.length} rules, each checked ${checked.toLocaleString('en')} times in this tab: ${violated} broken.`,
    )
    show(counts)
  }
  every(refreshMs, refresh)
  refresh()
}
