/**
 * The simulator's command line: reads the words, performs the command, sets the exit status.
 * usage: npx -y pnpm sim COMMAND …
 */
import { helpText, readRequest } from './command-line.ts'
import { commands } from './commands.ts'
import { UsageError } from './scenario-files.ts'

async function main(words: readonly string[]): Promise<number> {
  const request = readRequest(words, commands)
  switch (request.kind) {
    case 'help':
      console.log(helpText(commands, request.command))
      return 0
    case 'wrong':
      console.error(request.message)
      return 2
    case 'run':
      try {
        return (await request.command.perform(request.operand, request.flags)) ? 0 : 1
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        console.error(error.message)
        return 2
      }
  }
}

// Whoever reads us may have seen enough: `sim run … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
process.exitCode = await main(process.argv.slice(2))
