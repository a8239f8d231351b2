/** Puts the parts together and owns what has a lifetime: the listening port, the one timer, the way out. */

import type { Server } from 'node:http'
import { Hall } from './hall.ts'
import type { RefusalName } from './hall.ts'
import { createFront } from './http.ts'
import { SignalingServerError } from './signaling-server-error.ts'
import { settingsFrom } from './settings.ts'
import type { Settings, SignalingServerOptions } from './settings.ts'
import { createAcceptor } from './websocket.ts'

/** What the server has now and has done since it started. Says nothing of any single peer. */
export interface SignalingServerStats {
  readonly rooms: number
  readonly peers: number
  readonly sockets: number
  /** Signals passed on since the start. */
  readonly relayed: number
  /** How often each refusal happened since the start. */
  readonly refused: Readonly<Partial<Record<RefusalName, number>>>
  readonly uptimeSeconds: number
  readonly draining: boolean
}

/** A server that listens. Ends by `drain` or `close`, and then stays ended. */
export interface SignalingServer {
  /** For clients on this machine, such as `ws://127.0.0.1:8787`. */
  readonly url: string
  readonly port: number
  readonly stats: () => SignalingServerStats
  /**
   * The way out for a restart: takes nobody in, tells everybody, closes what is left with 1012 at half of `drainMs` and
   * cuts the rest at `drainMs`. Resolves when the port is free. Calling again changes nothing.
   */
  readonly drain: () => Promise<void>
  /** The same without waiting: closes every socket with 1001 now. Ends a drain that is under way. */
  readonly close: () => Promise<void>
}

/**
 * Resolves once the server listens.
 * @throws SignalingServerError `bad-option` or `cannot-listen`
 */
export async function createSignalingServer(
  options: SignalingServerOptions = {},
): Promise<SignalingServer> {
  const settings = settingsFrom(options)
  const startedAtMs = performance.now()
  const hall = new Hall(settings.limits, () => performance.now())
  const acceptor = createAcceptor(settings.report)
  const uptimeSeconds = (): number => Math.floor((performance.now() - startedAtMs) / 1000)
  const http = createFront({ settings, hall, acceptor, uptimeSeconds })
  const port = await listen(http, settings)
  const stopSweeping = startSweeping(hall, settings)
  const stopped = once(() => stop(http, stopSweeping))
  const closed = once(async () => {
    hall.announceClosing('shutdown')
    hall.closeAll('going-away')
    await within(settings.limits.closeGraceMs, hall.emptied())
    await cutRest(hall)
    await stopped()
  })
  const drained = once(async () => {
    hall.announceClosing('restart')
    await within(settings.drainMs / 2, hall.emptied())
    hall.closeAll('restart')
    await within(settings.drainMs / 2, hall.emptied())
    await cutRest(hall)
    await stopped()
  })
  return {
    url: urlOf(settings, port),
    port,
    stats: () => ({
      rooms: hall.roomCount,
      peers: hall.peerCount,
      sockets: hall.socketCount,
      relayed: hall.relayedCount,
      refused: hall.refusals(),
      uptimeSeconds: uptimeSeconds(),
      draining: hall.isDraining,
    }),
    drain: drained,
    close: closed,
  }
}

function listen(http: Server, { port, host, report }: Settings): Promise<number> {
  return new Promise((resolve, reject) => {
    // Once it listens, an error is one connection that could not be accepted (no file left): not the end of the rest.
    http.on('error', (cause) => {
      if (http.listening) {
        report(cause)
        return
      }
      const why = `cannot listen on ${host} port ${port}: ${cause.message}`
      reject(new SignalingServerError('cannot-listen', why, { cause }))
    })
    http.listen({ port, host }, () => {
      const address = http.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** One timer for all sockets: four looks per shortest deadline are exact enough for every one of them. */
function startSweeping(hall: Hall, { limits }: Settings): () => void {
  const shortestMs = Math.min(limits.heartbeatMs, limits.joinTimeoutMs, limits.closeGraceMs)
  const everyMs = Math.min(1000, Math.max(5, shortestMs / 4))
  let sweptAtMs = performance.now()
  let isLate = false
  const timer = setInterval(() => {
    const nowMs = performance.now()
    // This process was suspended: the pongs and joins of that time lie unread in the sockets. Read them first, judge
    // at the next sweep. Never twice in a row, or a server that is always late would never judge.
    isLate = !isLate && nowMs - sweptAtMs > 2 * everyMs + 250
    sweptAtMs = nowMs
    if (!isLate) hall.sweep()
  }, everyMs)
  return () => clearInterval(timer)
}

async function cutRest(hall: Hall): Promise<void> {
  hall.cutAll()
  await hall.emptied()
}

function stop(http: Server, stopSweeping: () => void): Promise<void> {
  stopSweeping()
  return new Promise((resolve) => {
    http.close(() => resolve())
    http.closeAllConnections()
  })
}

/** Waits for `done`, but no longer than that. */
async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([done, late])
  clearTimeout(timer)
}

/** The first call runs, every call returns the same promise. */
function once(run: () => Promise<void>): () => Promise<void> {
  let promise: Promise<void> | undefined
  return () => (promise ??= run())
}

function urlOf({ host, paths }: Settings, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const name = reachable.includes(':') ? `[${reachable}]` : reachable
  const path = paths[0] ?? '/'
  return `ws://${name}:${port}${path === '/' ? '' : path}`
}
