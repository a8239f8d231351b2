/**
 * Who may import whom, as an allow list: an arrow that is not written here is an error. Knows folders and packages; the
 * names that may stand in one file only, though no import shows them, are checked by tools/tidy.
 */

/** @param {...string} paths below packages/, as regular expressions that match a whole beginning */
const packages = (...paths) => paths.map((path) => `^packages/${path}`)

/** An arrow within core, from one room to those it may look into (and to itself). */
const room = (name, ...others) => ({
  from: { path: `^packages/core/src/${name}/` },
  to: { path: packages(`core/src/(${[name, ...others].join('|')})/`) },
})

/** Each room of the algorithm sees those before it. */
const chain = ['base', 'protocol', 'overlay', 'election', 'membership', 'replica', 'codec']
const chainArrows = chain.map((name, at) => room(name, ...chain.slice(0, at)))

/** An arrow of a package, to itself and to the public entries of others. `entries` is like `core/src/index`. */
const house = (name, ...entries) => ({
  from: { path: `^packages/${name}/` },
  to: { path: packages(`${name}/`, ...entries.map((entry) => `${entry}\\.ts$`)) },
})

const unanimous = 'unanimous/src/index'
const server = 'signaling-server/src/index'
const core = 'core/src/index'

/** Rooms that stand on Node itself. */
const onNode = [
  '^packages/(signaling-server|node-peer|playwright)/',
  '^packages/[^/]+/(cli|test)/',
  '^packages/[^/]+/[^/]+\\.config\\.ts$',
  '^(e2e|tools)/',
]

/** Rooms that no user installs: they may use what is needed only to develop. */
const notShipped = [
  '^packages/demo-app/',
  '^packages/[^/]+/(cli|test)/',
  '^packages/[^/]+/[^/]+\\.config\\.ts$',
  '^(e2e|tools)/',
]

/** A library that one place alone may touch, so that it can be replaced there. */
const fence = (name, library, ...places) => ({
  name: `${name}-fence`,
  comment: `${name} is used in one place only, so that it can be replaced there`,
  severity: 'error',
  from: { pathNot: places },
  to: { path: `(^|/)node_modules/${library}/|^${library}($|/)` },
})

module.exports = {
  forbidden: [
    { name: 'acyclic', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    fence(
      'simple-peer',
      'simple-peer',
      '^packages/webrtc-transport/src/peer-channel\\.ts$',
      // What the network costs without us can only be measured without us.
      '^tools/bench/page/raw-channels\\.ts$',
    ),
    // The one file of each is whatever they call it; that it is one is checked by tools/tidy.
    fence(
      'ws',
      'ws',
      '^packages/(signaling-server|node-peer)/src/',
      '^packages/[^/]+/test/',
      '^(e2e|tools)/',
    ),
    fence('wrtc', '@roamhq/wrtc', '^packages/node-peer/src/node-platform\\.ts$'),
    fence('classic-level', 'classic-level', '^packages/node-peer/src/level-storage\\.ts$'),
    fence('idb', 'idb', '^packages/core/src/storage/indexeddb-(storage|schema)\\.ts$'),
    fence('msgpack', '@msgpack/msgpack', '^packages/core/src/codec/'),
    fence(
      'playwright',
      '(@playwright/test|playwright|playwright-core)',
      '^(e2e|tools)/',
      '^packages/demo-app/cli/',
      '^packages/playwright/',
    ),
  ],
  allowedSeverity: 'error',
  allowed: [
    // Inside core.
    ...chainArrows,
    room('ports', 'base', 'protocol'),
    room('storage', 'base', 'protocol', 'codec', 'ports'),
    room('runtime', ...chain, 'ports'),
    {
      from: {
        path: packages('core/src/(index|indexeddb|internal|testing)\\.ts$', 'core/src/testing/'),
      },
      to: { path: packages('core/src/') },
    },

    // Between packages, by public entries. Core and the signaling protocol import no other package.
    house('signaling-protocol'),
    house('signaling-server', 'signaling-protocol/src/index'),
    house('webrtc-transport', core, 'signaling-protocol/src/index'),
    house('unanimous', core, 'core/src/(indexeddb|testing)', 'webrtc-transport/src/index'),
    house('simulator', core, 'core/src/(internal|testing)'),
    house('demo-app', unanimous, 'simulator/src/index'),
    house(
      'node-peer',
      core,
      'core/src/testing',
      'webrtc-transport/src/index',
      unanimous,
      'unanimous/src/hosting',
    ),
    house('react', unanimous, 'unanimous/src/blocks'),
    house('playwright', unanimous),
    house('inspector', unanimous),
    {
      // What starts a server or a browser: never part of a page.
      from: { path: packages('[^/]+/(cli|test)/', '[^/]+/[^/]+\\.config\\.ts$') },
      to: { path: [...packages(`${server}\\.ts$`), '^tools/chromium/chromium\\.ts$'] },
    },
    {
      from: { path: '^e2e/' },
      to: { path: ['^e2e/', '^tools/(chromium/chromium|firefox/firefox|pack/pack)\\.ts$'] },
    },
    { from: { path: '^tools/' }, to: { path: '^tools/' } },
    {
      from: { path: ['^e2e/', '^tools/bench/'] },
      to: { path: packages('[^/]+/src/(index|indexeddb|testing|internal)\\.ts$') },
    },

    // The world outside.
    {
      from: { path: '^packages/' },
      to: { dependencyTypes: ['npm', 'npm-optional', 'npm-peer'], path: 'node_modules/' },
    },
    {
      // The contract suites run in the test runner of whoever imports them.
      from: { path: '^packages/core/src/testing' },
      to: { path: 'node_modules/(vitest|fast-check)/' },
    },
    { from: { path: notShipped }, to: { path: 'node_modules/' } },
    { from: { path: onNode }, to: { dependencyTypes: ['core'] } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.base.json' },
    // An import of a type is an arrow too.
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@unanimous/source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.(test|spec)\\.ts$', '/dist/', '^\\.tsbuild/', '/test-results/'] },
  },
}
