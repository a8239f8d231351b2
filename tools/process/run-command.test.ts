import { expect, test } from 'vitest'
import { runCommand } from './run-command.ts'

const node = (script: string): Parameters<typeof runCommand> => [
  process.execPath,
  ['-e', script],
  { limitMs: 30_000 },
]

test('the exit code and both outputs come back', async () => {
  const finished = await runCommand(
    ...node('console.log("a"); console.error("b"); process.exit(3)'),
  )
  expect(finished).toMatchObject({ code: 3, timedOut: false })
  expect(finished.output).toContain('a\n')
  expect(finished.output).toContain('b\n')
})

test('arguments are taken as they are', async () => {
  const odd = '$(echo x) "quoted" *'
  const finished = await runCommand(
    process.execPath,
    ['-e', 'process.stdout.write(process.argv[1])', odd],
    { limitMs: 30_000 },
  )
  expect(finished.output).toBe(odd)
})

test('a program that does not exist ends without a code and says so', async () => {
  const finished = await runCommand('no-such-program-here', [], { limitMs: 30_000 })
  expect(finished.code).toBeUndefined()
  expect(finished.output).toContain('no-such-program-here')
})

test('a program over its limit is ended together with its children', async () => {
  // The grandchild holds the pipe open: the promise settles only if it is ended too.
  const script = `
    require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
    setInterval(() => {}, 1000)`
  const finished = await runCommand(process.execPath, ['-e', script], { limitMs: 300 })
  expect(finished).toMatchObject({ code: undefined, timedOut: true })
})

test('the environment is added to, not replaced', async () => {
  const finished = await runCommand(
    process.execPath,
    ['-p', '[process.env.ADDED, process.env.PATH !== undefined].join()'],
    { limitMs: 30_000, environment: { ADDED: 'yes' } },
  )
  expect(finished.output).toBe('yes,true\n')
})
