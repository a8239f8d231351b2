import { expect, test } from 'vitest'
import type { News } from './news.ts'
import { isNew, wordNews } from './news.ts'

const news: News = {
  ...{ phase: 'ready', rung: 'voter', members: 3, voters: 3, leader: 'ab'.repeat(16) },
  ...{ commit: 7, why: undefined },
}

test('[NP6] a person is told of every change, and of decided commands only when asked for', () => {
  expect(isNew(news, undefined, false)).toBe(true)
  expect(isNew(news, { ...news }, true)).toBe(false)
  expect(isNew({ ...news, commit: 8 }, news, false)).toBe(false)
  expect(isNew({ ...news, commit: 8 }, news, true)).toBe(true)
  for (const change of [{ rung: 'leader' as const }, { members: 2 }, { why: 'because' }]) {
    expect(isNew({ ...news, ...change }, news, false)).toBe(true)
  }
})

test('[NP6] a change is one line', () => {
  expect(wordNews(news)).toBe('ready · voter · 3 here, 3 vote · led by abababab · 7 decided')
  expect(wordNews({ ...news, leader: undefined, why: 'Alone.' })).toBe(
    'ready · voter · 3 here, 3 vote · nobody leads · 7 decided · Alone.',
  )
})
