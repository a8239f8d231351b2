#!/usr/bin/env node
/** The command `unanimous-peer`: flags in, one member, signals to stop it. Prints nothing that the group decides. */
import { UnanimousError } from '@unanimous/core'
import type { Commands } from 'unanimous'
import type { CliOptions } from './cli-arguments.ts'
import { helpText, parseCliArguments } from './cli-arguments.ts'
import type { Peer, PeerOptions } from './create-peer.ts'
import { createPeer } from './create-peer.ts'
import { loadMachine } from './machine-file.ts'
import type { News } from './news.ts'
import { isNew, newsOf, wordNews } from './news.ts'

const complain = (line: string): void => void process.stderr.write(`unanimous-peer: ${line}\n`)

/** One line: words for people, an object for programs. */
type Tell = (event: string, facts: object, words: string) => void

const teller =
  (json: boolean): Tell =>
  (event, facts, words) => {
    const line = json ? JSON.stringify({ at: new Date(), event, ...facts }) : words
    process.stdout.write(`${line}\n`)
  }

function peerOptions({ invite, data, role, signal, ice, voters }: CliOptions): PeerOptions {
  return {
    ...{ invite, data, role },
    ...(signal.length === 0 ? {} : { signal }),
    ...(ice === undefined ? {} : { ice }),
    ...(voters === undefined ? {} : { membership: { voters } }),
  }
}

async function run(options: CliOptions): Promise<void> {
  const tell = teller(options.json)
  const given = peerOptions(options)
  const { data, machine, verbose } = options
  const peer =
    machine === undefined
      ? await createPeer(given)
      : await createPeer({ ...given, machine: await loadMachine(machine) })
  const { me } = peer.group
  tell('opened', { me, data }, `opened ${data} as ${me}`)
  watch(peer, tell, verbose)
  let isStopping = false
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1)
    isStopping = true
    tell('stopping', { signal }, `${signal}: saying good-bye`)
    void peer.close().then(() => {
      tell('stopped', {}, 'stopped')
      process.exit(0)
    })
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function watch<S, C extends Commands<S>>(
  { group }: Pick<Peer<S, C>, 'group'>,
  tell: Tell,
  verbose: boolean,
): void {
  let told: News | undefined
  const look = (): void => {
    const news = newsOf(group.status)
    if (!isNew(news, told, verbose)) return
    told = news
    tell('status', news, wordNews(news))
  }
  group.subscribe(look)
  look()
  group.on('halted', (error) => {
    complain(error.message)
    process.exit(1)
  })
}

async function main(): Promise<void> {
  const request = parseCliArguments(process.argv.slice(2), process.env)
  switch (request.kind) {
    case 'help':
      process.stdout.write(helpText)
      return
    case 'bad':
      complain(`${request.why}\ntry: unanimous-peer --help`)
      process.exitCode = 2
      return
    case 'run':
      try {
        await run(request.options)
      } catch (error) {
        if (!(error instanceof UnanimousError)) throw error
        complain(error.message)
        process.exitCode = isOfFlags(error.code) ? 2 : 1
      }
  }
}

const isOfFlags = (code: string): boolean =>
  ['bad-option', 'bad-invite', 'bad-machine'].includes(code)

await main()
