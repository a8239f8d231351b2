/** The examples and the quick start, as somebody has them who installed our packages and nothing else. */
import { contextPermissions, findOrInstallChromium, launchOptions } from '@unanimous/tools/chromium'
import { chromium, expect, test } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ForeignProject, freePorts } from './fixture/foreign-project.ts'

test.setTimeout(600_000)

async function surroundings(): Promise<Record<string, string>> {
  const [page, signal] = await freePorts(2)
  return {
    CHROMIUM_PATH: await findOrInstallChromium(),
    PAGE_PORT: String(page),
    SIGNAL_PORT: String(signal),
  }
}

test('[PW5] an app with its test installs the packed packages, compiles and passes; made wrong, its test says how', async () => {
  const project = await ForeignProject.of('cinema')
  const environment = await surroundings()
  await project.must('npm', 'run', 'check')
  const right = await project.run('npm', ['test', '--', '--reporter=list'], environment)
  expect(right.output).toContain('1 passed')
  expect(right.code).toBe(0)

  // An app that tells people what the group has not decided.
  await project.edit(
    'src/main.ts',
    'const outcome = await group.do.book(seat).outcome',
    "const outcome = { kind: 'committed' } as Awaited<ReturnType<typeof group.do.book>['outcome']>\n  void group.do.book(seat)",
  )
  const wrong = await project.run('npm', ['test', '--', '--reporter=list,json'], {
    ...environment,
    PLAYWRIGHT_JSON_OUTPUT_NAME: 'report.json',
  })
  expect(wrong.code).not.toBe(0)
  expect(wrong.output).toContain('1 failed')
  expect(wrong.output).toContain('two people want the same seat at the same moment')
  expect(wrong.output).toMatch(/A \(.{4}\): ready, (leader|voter), follows/)
  const report = await readFile(join(project.folder, 'report.json'), 'utf8')
  for (const name of ['tabs.txt', 'history.jsonl', 'trace.jsonl']) {
    expect(report).toContain(`"name": "${name}"`)
  }
  await project.remove()
})

test('[RE8] a React app under StrictMode installs the packed packages, compiles, and sells each seat once', async () => {
  const project = await ForeignProject.of('react-cinema')
  await project.must('npm', 'run', 'check')
  const ran = await project.run('npm', ['test', '--', '--reporter=list'], await surroundings())
  expect(ran.output).toContain('1 passed')
  expect(ran.code).toBe(0)
  await project.remove()
})

/** The first example of the README, with another port: what people paste. */
async function quickStart(signalPort: number): Promise<string> {
  const readme = await readFile(resolve(import.meta.dirname, '../README.md'), 'utf8')
  const [, code = ''] = /^```ts\n([^]*?)^```$/m.exec(readme) ?? []
  expect(code).toContain('ws://localhost:8787')
  return code.replace('8787', String(signalPort))
}

test('[UP70] the quick start of the README, pasted into an empty Vite app, decides in two tabs', async () => {
  const [pagePort = 0, signalPort = 0] = await freePorts(2)
  const project = await ForeignProject.from('quick-start', {
    'package.json': JSON.stringify({ type: 'module', devDependencies: { vite: '8.3.8' } }),
    'index.html': '<!doctype html><script type="module" src="/main.ts"></script>',
    'main.ts': await quickStart(signalPort),
  })
  const booked = { taken: { A1: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown } }
  const page = `http://localhost:${String(pagePort)}/`
  const ends = await Promise.all([
    project.serve(
      'unanimous-signaling',
      ['--port', String(signalPort)],
      `http://127.0.0.1:${String(signalPort)}/healthz`,
    ),
    project.serve('vite', ['--port', String(pagePort), '--strictPort'], page),
  ])
  const browser = await chromium.launch(launchOptions(await findOrInstallChromium()))
  const tabs = await browser.newContext({ permissions: contextPermissions })
  const open = async (): Promise<{ readonly logged: unknown[]; readonly threw: string[] }> => {
    const heard = { logged: [] as unknown[], threw: [] as string[] }
    const tab = await tabs.newPage()
    tab.on('console', (message) => {
      if (message.type() === 'log')
        void message
          .args()[0]
          ?.jsonValue()
          // The browser may be closed before it answers: what is told so late was not waited for.
          .then(
            (first) => heard.logged.push(first),
            () => undefined,
          )
    })
    tab.on('pageerror', (error) => heard.threw.push(error.message))
    await tab.goto(page)
    return heard
  }
  try {
    const first = await open()
    await expect.poll(() => first.logged).toContainEqual(booked)
    expect(first.threw).toEqual([])
    const second = await open()
    await expect.poll(() => second.threw).toEqual(['The group refused this command: TAKEN.'])
    await expect.poll(() => second.logged).toContainEqual(booked)
  } finally {
    await browser.close()
    for (const end of ends) end()
    await project.remove()
  }
})
