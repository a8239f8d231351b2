#!/usr/bin/env node
/** The command `unanimous-signaling`: flags in, one server, signals to stop it. Prints nothing that a peer sent. */

import { helpText, parseCliArguments } from './cli-arguments.ts'
import { createSignalingServer } from './server.ts'
import type { SignalingServer } from './server.ts'
import { SignalingServerError } from './signaling-server-error.ts'
import type { SignalingServerOptions } from './settings.ts'

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const complain = (line: string): void => void process.stderr.write(`unanimous-signaling: ${line}\n`)

async function run(options: SignalingServerOptions): Promise<void> {
  const server = await createSignalingServer({
    ...options,
    report: (error) => complain(error instanceof Error ? (error.stack ?? error.message) : 'fault'),
  })
  if (options.origins?.includes('*') === true) {
    complain('every page on the web may use this server (--origin *)')
  }
  print(`listening on ${server.url}`)
  stopOnSignals(server)
}

function stopOnSignals(server: SignalingServer): void {
  let isStopping = false
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      complain(`${signal} again: closing at once`)
      process.exitCode = 1
      void server.close()
      return
    }
    isStopping = true
    print(`${signal}: draining`)
    void server.drain().then(() => print('stopped'))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

async function main(): Promise<void> {
  const request = parseCliArguments(process.argv.slice(2))
  switch (request.kind) {
    case 'help':
      process.stdout.write(helpText)
      return
    case 'bad':
      complain(`${request.why}\ntry: unanimous-signaling --help`)
      process.exitCode = 2
      return
    case 'run':
      try {
        await run(request.options)
      } catch (error) {
        if (!(error instanceof SignalingServerError)) throw error
        complain(error.message)
        process.exitCode = error.code === 'bad-option' ? 2 : 1
      }
  }
}

await main()
