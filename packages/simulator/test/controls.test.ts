/** The checkers notice when a rule of safety is switched off: each in a build of the core without it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { controls } from '../cli/controls/controls.ts'
import { hunt } from '../cli/controls/run-controls.ts'
import { edited, without } from '../cli/controls/workbench.ts'
import { top } from '../cli/scenario-files.ts'

test.each(controls)('[NC1] control: without $name, somebody notices', async (control) => {
  const { noticedBy, firstSeed } = control
  const caught = await without(control, (hunters) => hunt(hunters, noticedBy, firstSeed))
  expect(caught).toBeDefined()
})

const also = controls.flatMap(({ alsoBy, ...control }) =>
  alsoBy === undefined ? [] : [{ ...control, alsoBy }],
)

test.each(also)('[MC5] control: without $name, $alsoBy notices too', async (control) => {
  const caught = await without(control, (hunters) => hunt(hunters, control.alsoBy))
  expect(caught).toBeDefined()
})

test('[NC2] a control whose rule has moved is an error', () => {
  const file = 'protocol/quorum.ts'
  expect(() => edited(file, [{ file, from: 'there is no such text', to: '' }])).toThrow(
    'protocol/quorum.ts holds 0 times, not once: there is no such text',
  )
})

test('[NC5] the page of the controls has a row for each, and for no other', () => {
  const page = readFileSync(join(top, 'docs/controls.md'), 'utf8')
  const table = page.slice(page.indexOf('| Control'))
  const rows = table.split('\n').filter((line) => line.startsWith('| '))
  const cells = rows.slice(2).map((line) => line.split(' | ').map((cell) => cell.trim()))
  const names = cells.map(([name = '', rule]) => [name.replace('| ', ''), rule])
  expect(names).toEqual(controls.map(({ name, rule }) => [name, rule]))
})
