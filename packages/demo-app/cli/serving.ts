/** Starts the signaling server and the page so that they know each other, and ends both. Prints nothing. */
import { createSignalingServer, SignalingServerError } from '@unanimous/signaling-server'
import type { SignalingServer } from '@unanimous/signaling-server'
import { pagePort, signalingPort } from './arguments.ts'
import { makeCertificate } from './certificate.ts'
import { DemoError } from './demo-error.ts'
import { lanAddresses } from './lan-addresses.ts'
import { buildPage } from './page-bundle.ts'
import { servePage } from './page-server.ts'
import type { PageServer } from './page-server.ts'

export interface Serving {
  /** The page, for this machine. */
  readonly page: string
  /** The page, for other machines; empty unless asked for. */
  readonly lanPages: readonly string[]
  /** As the page dials it. */
  readonly signaling: string
  /** What is not as usual, a sentence each. */
  readonly notes: readonly string[]
  close(): Promise<void>
}

export interface ServingOptions {
  readonly lan: boolean
  readonly port: number | undefined
}

/** Rejects with `DemoError` when a port or the network is missing. */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const { lan } = options
  const addresses = lan ? lanAddresses() : []
  if (lan && addresses.length === 0) {
    throw new DemoError(
      'This machine has no address in a local network, so phones cannot reach it. Join a network, or leave --lan out.',
    )
  }
  const late: { signaling?: SignalingServer; origins?: readonly string[] } = {}
  const page = await startPage(options, addresses, late)
  const scheme = lan ? 'https' : 'http'
  const originsOf = (hosts: readonly string[]): readonly string[] =>
    hosts.map((host) => new URL(`${scheme}://${host}:${page.port}`).origin)
  late.origins = originsOf(addresses)
  try {
    late.signaling = await startSignaling([...originsOf(['127.0.0.1']), ...late.origins], lan)
  } catch (error) {
    await page.close()
    throw error
  }
  const { signaling } = late
  return {
    page: `${originsOf(['127.0.0.1'])[0] ?? ''}/`,
    lanPages: late.origins.map((origin) => `${origin}/`),
    signaling: lan ? `wss://127.0.0.1:${page.port}/signal` : signaling.url,
    notes: notesOn(page, signaling, options),
    close: async () => {
      await Promise.all([page.close(), signaling.close()])
    },
  }
}

/** Page and server need each other's ports: what the page is told is put together when it asks. */
async function startPage(
  { lan, port }: ServingOptions,
  addresses: readonly string[],
  late: { readonly signaling?: SignalingServer; readonly origins?: readonly string[] },
): Promise<PageServer> {
  const certificate = lan ? await makeCertificate(addresses) : undefined
  try {
    return await servePage({
      bundle: await buildPage(),
      host: lan ? '0.0.0.0' : '127.0.0.1',
      ports: port === undefined ? [pagePort, 0] : [port],
      ...(certificate === undefined ? {} : { certificate }),
      // One port for all, so that a phone has to accept the certificate only once.
      ...(lan ? { signalingPort: () => late.signaling?.port ?? signalingPort } : {}),
      settings: () => ({
        signal: lan ? ['/signal'] : [late.signaling?.url ?? ''],
        origins: late.origins ?? [],
      }),
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new DemoError(
        `Port ${port ?? pagePort} is taken. Name another with --port, or leave it out.`,
      )
    }
    throw error
  }
}

async function startSignaling(origins: readonly string[], lan: boolean): Promise<SignalingServer> {
  const start = (port: number): Promise<SignalingServer> =>
    createSignalingServer({
      port,
      host: '127.0.0.1',
      origins,
      // Only our own page server sits before it, and only then.
      trustProxy: lan,
      report: (error) => process.stderr.write(`signaling: ${String(error)}\n`),
    })
  try {
    return await start(signalingPort)
  } catch (error) {
    if (error instanceof SignalingServerError && error.code === 'cannot-listen') return start(0)
    throw error
  }
}

function notesOn(page: PageServer, signaling: SignalingServer, { port }: ServingOptions): string[] {
  const notes: string[] = []
  if (port === undefined && page.port !== pagePort) {
    notes.push(
      `Port ${pagePort} is taken, so the page is on ${page.port}. Another port is another origin: tabs there have a store of their own and do not find what was decided on ${pagePort}.`,
    )
  }
  if (signaling.port !== signalingPort) {
    notes.push(`Port ${signalingPort} is taken, so the signaling server is on ${signaling.port}.`)
  }
  return notes
}
