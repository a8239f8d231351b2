/** The examples, as somebody has them who installed our packages and nothing else. */
import { findOrInstallChromium } from '@unanimous/tools/chromium'
import { expect, test } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
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
