import { expect, test } from './fixture/test.ts'

/** Turns one bit over in the middle of a record of the first store that this origin has; resolves with the store's name. */
async function damage(): Promise<string> {
  const [info] = await indexedDB.databases()
  const name = info?.name ?? ''
  const opening = indexedDB.open(name)
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(new Error('the store did not open'))
  })
  const transaction = database.transaction('journal', 'readwrite')
  const journal = transaction.objectStore('journal')
  const done = new Promise((resolve) => {
    transaction.oncomplete = resolve
  })
  const reading = journal.get(1)
  reading.onsuccess = () => {
    const record = reading.result as Uint8Array
    const middle = Math.floor(record.length / 2)
    record[middle] = (record[middle] ?? 0) ^ 1
    journal.put(record, 1)
  }
  await done
  database.close()
  return name
}

test('[UP25] a store with one bit turned over is refused, with a sentence that says what to do', async ({
  cluster,
}) => {
  const [tab] = await cluster.open(1)
  await tab.until('a group', ({ phase }) => phase === 'ready')
  await tab.write('something to keep')
  const blank = await cluster.openBlank()
  await tab.close()
  await blank.page.evaluate(damage)

  await blank.page.goto(cluster.address())
  expect(await blank.refusal()).toMatchObject({
    name: 'StorageError',
    code: 'storage',
    message: expect.stringMatching(/Record 1 .* damaged .* Delete this site’s data/),
  })
})

test('[UP26] a tab whose store is deleted stops and says so, and the others go on', async ({
  cluster,
}) => {
  const [victim] = await cluster.open(1)
  await victim.until('a group', ({ phase }) => phase === 'ready')
  // Its store is the only one of this browser; the others have theirs elsewhere.
  const elsewhere = await cluster.context()
  const others = await cluster.open(2, { context: elsewhere })
  await cluster.ready()
  const me = await victim.me()
  const seen = await cluster.agreed()

  await victim.wipe()
  await victim.untilTold('word that it halted', () => victim.halts.length > 0)
  expect(victim.halts).toMatchObject([
    { name: 'StorageError', message: expect.stringContaining('was deleted') },
  ])
  const stopped = await victim.until('a stop', ({ phase }) => phase === 'stopped')
  expect(stopped).toMatchObject({
    why: expect.stringMatching(/reload this tab/i),
    storage: { healthy: false },
  })
  expect(await victim.write('too late')).toEqual([{ kind: 'not-sent', why: 'halted' }])
  for (const tab of others) {
    expect(await tab.write(`${tab.name} goes on`)).toMatchObject([{ kind: 'committed' }])
  }

  // The identity went with the store: who comes back is somebody else, and gets everything anew.
  await victim.page.reload()
  await victim.until('a place beside the voters', ({ rung }) => rung === 'standby')
  expect(await victim.me()).not.toBe(me)
  expect(await victim.digest(seen.end)).toEqual(seen)
  await cluster.agreed()
})

test('[UP27] a tab that forgets its group leaves nothing behind, and is another member when it comes back', async ({
  cluster,
}) => {
  const [stays] = await cluster.open(1)
  await stays.until('a group', ({ phase }) => phase === 'ready')
  const [goes] = await cluster.open(1, { context: await cluster.context() })
  await goes.until('a place beside the voter', ({ rung }) => rung === 'standby')
  const me = await goes.me()

  expect(await goes.forget()).toEqual([])
  expect(await stays.write('still here')).toMatchObject([{ kind: 'committed' }])
  await goes.page.reload()
  await goes.until('a place beside the voter', ({ rung }) => rung === 'standby')
  expect(await goes.me()).not.toBe(me)
})
