/** A process that appends to the store in a folder until it is killed, and prints each record's number once it is acknowledged. */
import { levelStorage } from '../src/level-storage.ts'

const storage = await levelStorage(process.argv[2] ?? '')
await storage.load()
for (let count = 0; ; count += 1) {
  await storage.append(new TextEncoder().encode(`record ${count}`))
  process.stdout.write(`${count}\n`)
}
