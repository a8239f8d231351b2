import type { Page } from '@playwright/test'
import { expect, test } from './fixture/test.ts'

/** All that a page sends to any server, as it is sent. */
function wordsToServers(page: Page): string[] {
  const words: string[] = []
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => words.push(payload.toString()))
  })
  return words
}

interface Sent {
  readonly type: string
  readonly data?: string
}

test('[UP40] a newcomer with another secret is refused by every member and learns nothing', async ({
  cluster,
}) => {
  const secret = 'the members’ secret'
  const members = await cluster.open(3, { secret })
  await cluster.ready(3)
  await members[0].write('what is decided here is nobody’s business')
  expect(await members[0].status()).toMatchObject({ access: 'secret' })

  const context = await cluster.context()
  const wrong = new URL(await members[0].invite())
  expect(wrong.hash).toContain(encodeURIComponent('secret'))
  wrong.hash = wrong.hash.replace(/secret=[^&]*/, 'secret=guessed')
  const stranger = await cluster.openInvite(wrong.href, { context })
  const ids = await Promise.all(members.map((tab) => tab.me()))
  const me = await stranger.me()
  const alone = await stranger.until('all members refused', ({ links }) =>
    ids.every((id) => links.some(({ peer, refused }) => peer === id && refused !== undefined)),
  )
  expect(alone).toMatchObject({ phase: 'joining', group: undefined, commit: 0, leader: undefined })
  expect(alone.why).toContain('another secret')
  await cluster.until('the stranger refused', members, (all) =>
    all.every(({ links }) =>
      links.some(({ peer, refused }) => peer === me && refused?.includes('another secret')),
    ),
  )
  expect((await stranger.figures()).framesReceived).toBe(0)
  expect(await members[1].write('the group goes on')).toMatchObject([{ kind: 'committed' }])
  await cluster.agreed(members)
  await stranger.close()

  // The same browser with the right link is let in.
  const guest = await cluster.openInvite(await members[1].invite(), { context })
  await guest.until('the group', ({ phase }) => phase === 'ready')
  expect(await guest.state()).toEqual(await members[0].state())
})

test('[RO3] a tab that guessed at the secret, and came first, keeps nobody from founding', async ({
  cluster,
}) => {
  const [stranger] = await cluster.open(1, { secret: 'guessed', found: 'never' })
  await stranger.until('the server', ({ signaling }) => signaling === 'online')
  const [first, second] = await cluster.open(2, { secret: 'the right one' })
  await cluster.until('a group of two', [first, second], (all) =>
    all.every(({ phase, members }) => phase === 'ready' && members.length === 2),
  )
  expect(await first.write('ours')).toMatchObject([{ kind: 'committed' }])
  expect(await stranger.status()).toMatchObject({ phase: 'joining', group: undefined })
})

test('[UP41] a signaling server is told who talks to whom, and nothing of what they say', async ({
  cluster,
}) => {
  const page = await cluster.openBlank()
  const words = wordsToServers(page.page)
  const others = await cluster.open(2)
  await page.page.goto(cluster.address())
  await cluster.ready(3)
  const sent = words.map((text) => JSON.parse(text) as Sent)
  const signals = sent.flatMap(({ type, data }) => (type === 'signal' ? [data ?? ''] : []))
  expect(signals.length).toBeGreaterThan(2)
  for (const sealed of signals) {
    const bytes = Buffer.from(sealed, 'base64')
    expect(bytes.toString('base64')).toBe(sealed)
    expect(bytes.toString('latin1')).not.toMatch(/candidate|fingerprint|session|127\.0\.0\.1|v=0/)
  }
  expect(await others[0].status()).toMatchObject({ access: 'public room' })
})
