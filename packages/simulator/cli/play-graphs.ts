/** `sim graphs`: networks drawn at random, one seed each, and whether all of them kept what is promised of any network. */
import { playGraph } from '../src/random-graph.ts'
import { Violation } from '../src/violation.ts'
import type { Flags } from './command-line.ts'
import { progressOn } from './progress.ts'

/** True: every graph kept it. The last line is one object. */
export function graphsCommand(flags: Flags): boolean {
  const count = Number(flags.get('graphs') ?? 200)
  const from = Number(flags.get('from') ?? 0)
  const progress = progressOn(process.stderr)
  const failed: string[] = []
  const answers: number[] = []
  let majorities = 0
  for (let seed = from; seed < from + count; seed += 1) {
    try {
      const { majority, answeredMs } = playGraph(seed)
      if (majority) majorities += 1
      if (majority && answeredMs !== undefined) answers.push(answeredMs)
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      failed.push(error.message)
    }
    progress.update(seed - from + 1, count, `${failed.length} failed, seed ${seed}`)
  }
  progress.end()
  for (const message of failed) console.log(message)
  answers.sort((a, b) => a - b)
  const at = (share: number): number | undefined =>
    answers[Math.floor(share * (answers.length - 1))]
  const firstAnswerMs = { median: at(0.5), most: at(1) }
  console.log(
    JSON.stringify({ graphs: count, from, majorities, failed: failed.length, firstAnswerMs }),
  )
  return failed.length === 0
}
