import { expect, test } from 'vitest'
import { findBadNames, findHeadless, findTooLong } from './shape.ts'

test.each([
  'packages/core/src/peerChannel.ts',
  'packages/core/src/PeerChannel.ts',
  'packages/core/src/peer_channel.ts',
  'packages/core/src/utils.ts',
  'packages/core/src/utils/bytes.ts',
  'packages/core/src/helpers.test.ts',
  'packages/core/src/types.ts',
  'packages/core/src/lock-manager.ts',
  'e2e/common.ts',
])('%s is a bad name', (path) => {
  expect(findBadNames([path]).map((finding) => finding.path)).toEqual([path])
})

test.each([
  'packages/core/src/peer-channel.ts',
  'packages/core/src/peer-channel.browser.test.ts',
  'packages/webrtc-transport/src/simple-peer.d.ts',
  'packages/core/src/message-types.ts',
  'packages/demo-app/vite.config.ts',
  'docs/SPEC.md',
  'eslint.config.js',
])('%s is a good name', (path) => {
  expect(findBadNames([path])).toEqual([])
})

const ofLines = (count: number): string => `/** x */\n${'a\n'.repeat(count - 1)}`

test('a source file has at most 400 lines, a test 600', () => {
  const file = (path: string, lines: number) => ({ path, text: ofLines(lines) })
  const found = findTooLong([
    file('packages/core/src/a.ts', 400),
    file('packages/core/src/b.ts', 401),
    file('packages/core/src/c.test.ts', 600),
    file('packages/core/src/d.test.ts', 601),
    file('docs/e.md', 2000),
  ])
  expect(found.map((finding) => finding.path)).toEqual([
    'packages/core/src/b.ts',
    'packages/core/src/d.test.ts',
  ])
})

test('a source file begins with its header, after the shebang if it has one', () => {
  const found = findHeadless([
    { path: 'packages/core/src/a.ts', text: '/** Knows a. */\n' },
    { path: 'packages/core/src/cli.ts', text: '#!/usr/bin/env node\n/** Knows a. */\n' },
    { path: 'packages/core/src/a.test.ts', text: "import 'x'\n" },
    { path: 'packages/core/src/b.ts', text: "import 'x'\n/** Knows b. */\n" },
    { path: 'packages/core/src/c.ts', text: '// c\n' },
  ])
  expect(found.map((finding) => finding.path)).toEqual([
    'packages/core/src/b.ts',
    'packages/core/src/c.ts',
  ])
})
