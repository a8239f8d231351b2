/**
 * One process at a time on this machine, for a job that two must not do at once. Knows nothing of the job.
 *
 * The lock is a name that the kernel holds for a listening process (an abstract socket on Linux, a pipe on Windows). It is
 * freed with its owner however that ends, so there is no stale lock to detect, which a lock file cannot offer. Where the
 * platform has no such name the job runs unguarded; there the only job of ours is Playwright's download, which has a lock.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'

function addressOf(name: string): string | undefined {
  if (process.platform === 'linux') return `\0unanimous-${name}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\unanimous-${name}`
  return undefined
}

interface Held {
  release(): Promise<void>
}

/** Undefined: another process holds the name. */
function tryHold(address: string): Promise<Held | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<Socket>()
    const server: Server = createServer((socket) => {
      waiting.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => waiting.delete(socket))
    })
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined)
      else reject(error)
    })
    server.listen(address, () => {
      resolve({
        release: () =>
          new Promise<void>((done) => {
            server.close(() => {
              done()
            })
            for (const socket of waiting) socket.destroy()
          }),
      })
    })
  })
}

/** Resolves when the holder is gone: it never writes, so the end of the connection is the only thing that can happen. */
function holderGone(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(address)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      resolve()
    })
  })
}

/**
 * Runs `work` while no other caller on this machine runs under the same `name`; waits for its turn without a limit of its
 * own, because the holder's work has one. `onWait` is called once if it has to.
 */
export async function exclusively<T>(
  name: string,
  work: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  const address = addressOf(name)
  if (address === undefined) return await work()
  let held = await tryHold(address)
  if (held === undefined) onWait()
  while (held === undefined) {
    await holderGone(address)
    held = await tryHold(address)
  }
  try {
    return await work()
  } finally {
    await held.release()
  }
}
