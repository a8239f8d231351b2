import { replicaId } from '@unanimous/core'
import type { LinkChannel } from '@unanimous/webrtc-transport'
import wrtc from '@roamhq/wrtc'
import { expect, test, vi } from 'vitest'
import { nodePlatform } from './node-platform.ts'

const words = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Two ends of one channel of this process, and what the second one hears. */
async function connected() {
  const heard: string[] = []
  let told = (): void => undefined
  const ended = new Promise<void>((resolve) => (told = resolve))
  const ends: LinkChannel[] = []
  const open = (at: number): Promise<void> =>
    new Promise((resolve) => {
      const options = { peer: replicaId(`${at}`.repeat(32)), ice: {}, lowBytes: 1 }
      ends[at] = nodePlatform.openChannel(
        { ...options, initiator: at === 0 },
        {
          onSignal: (signal) => ends[1 - at]?.signal(signal),
          onOpen: resolve,
          onPacket: (packet) => heard.push(new TextDecoder().decode(packet)),
          onDrained: () => undefined,
          onEnded: () => {
            heard.push('the end')
            told()
          },
        },
      )
    })
  await Promise.all([open(0), open(1)])
  const [one, other] = ends
  if (one === undefined || other === undefined) throw new Error('two were opened')
  return { one, other, heard, ended }
}

test('[NP12] what the other end says last is heard, though this end speaks before it knows of the end', async () => {
  const create = vi.spyOn(wrtc.RTCPeerConnection.prototype, 'createDataChannel')
  const { one, other, heard, ended } = await connected()
  const [connection] = create.mock.contexts as RTCPeerConnection[]
  create.mockRestore()
  one.send(words('hello'))
  one.send(words('good-bye'))
  // As a page ends it: at once, and waiting for nobody.
  connection?.close()
  // Nothing is told meanwhile, as in a process that is busy; the platform has long ended the channel. To speak while it
  // does so crashes the process now and then: see the decision about this library.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  other.send(words('are you there?'))
  await ended
  expect(heard).toEqual(['hello', 'good-bye', 'the end'])
})
