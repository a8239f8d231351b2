/**
 * Whether the packages, as they are published, can be imported as they say: packs each and lets publint judge the tarball. Knows
 * no package by name.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packAll } from './pack.ts'

const place = mkdtempSync(join(tmpdir(), 'unanimous-publint-'))
try {
  for (const { name, tarball } of await packAll(place)) {
    const { buffer, byteOffset, byteLength } = readFileSync(tarball)
    const { messages, pkg } = await publint({
      pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
      strict: true,
    })
    for (const message of messages) {
      process.stderr.write(
        `${name}: ${formatMessage(message, pkg, { color: false }) ?? message.code}\n`,
      )
      process.exitCode = 1
    }
  }
} finally {
  rmSync(place, { recursive: true, force: true })
}
