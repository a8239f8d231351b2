import { expect, test } from 'vitest'
import { browserClock } from './browser-clock.ts'
import { watchPage } from './page-life.ts'

test('[PL5] what the browser says of a page reaches the group: frozen, awake, online, put away and shown again', () => {
  const told: string[] = []
  const stop = watchPage(
    {
      onHidden: (hidden) => told.push(hidden ? 'hidden' : 'visible'),
      onFreeze: () => told.push('freeze'),
      onWake: () => told.push('wake'),
      onGone: () => told.push('gone'),
      onRevived: () => told.push('revived'),
    },
    browserClock,
  )
  const shown = told.splice(0)
  expect(shown).toHaveLength(1)
  const happen = (): void => {
    document.dispatchEvent(new Event('freeze'))
    document.dispatchEvent(new Event('resume'))
    dispatchEvent(new Event('offline'))
    dispatchEvent(new Event('online'))
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  }
  happen()
  expect(told).toEqual(['freeze', 'wake', 'wake', 'gone', ...shown, 'revived'])
  stop()
  happen()
  expect(told).toHaveLength(6)
})
