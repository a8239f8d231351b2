/** A process of `sim fuzz`: seeds come in one by one, results go out. Ends with whoever started it. */
import { tryOne } from './fuzz-one.ts'

process.on('message', (seed: number) => {
  process.send?.(tryOne(seed))
})
process.on('disconnect', () => process.exit(0))
