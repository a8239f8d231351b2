import { expect, test } from 'vitest'
import { helpText, readRequest } from './command-line.ts'
import { stages } from './stages.ts'

const namesOf = (words: readonly string[]): readonly string[] | string => {
  const request = readRequest(words, stages)
  return request.kind === 'run' ? request.stages.map((stage) => stage.name) : request.kind
}

test('without names every stage runs, the cheapest first', () => {
  expect(namesOf([])).toEqual(['static', 'unit', 'sim', 'browser', 'e2e'])
})

test('named stages run in order of cost, each once', () => {
  expect(namesOf(['e2e', 'unit', 'unit'])).toEqual(['unit', 'e2e'])
  expect(namesOf(['--', 'unit'])).toEqual(['unit'])
})

test('an unknown name is refused with the names that exist', () => {
  const request = readRequest(['unit', 'units'], stages)
  expect(request).toEqual({
    kind: 'wrong',
    message: 'There is no stage called units; the stages are static, unit, sim, browser, e2e.',
  })
})

test('help is given wherever it is asked for, and names every stage', () => {
  expect(namesOf(['unit', '--help'])).toBe('help')
  for (const stage of stages) expect(helpText(stages)).toContain(stage.about)
})
