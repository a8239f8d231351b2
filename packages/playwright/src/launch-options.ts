/** What Chromium needs so that WebRTC works without a display and without a network. Knows flags; starts nothing. */

/** The part of Playwright's launch options that this package sets. */
export interface ClusterLaunchOptions {
  readonly args: string[]
  readonly executablePath?: string
}

/** The part of Playwright's context options that this package sets. */
export interface ClusterContextOptions {
  readonly permissions: string[]
}

/**
 * For `use.launchOptions` of a Playwright configuration; the fixture of this package sets them by itself.
 *
 * `--allow-loopback-in-peer-connection` together with the permission below makes tabs offer plain 127.0.0.1 to each other:
 * no multicast, no server, and it works where loopback is the only interface. The others keep a browser under test from
 * talking to the world. `CHROMIUM_PATH` names another browser than Playwright's own.
 */
export const launchOptions: ClusterLaunchOptions = {
  args: [
    ...(process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--allow-loopback-in-peer-connection',
  ],
  ...(process.env['CHROMIUM_PATH'] === undefined
    ? {}
    : { executablePath: process.env['CHROMIUM_PATH'] }),
}

/** For contexts that a test makes itself. Nothing ever records: the permission alone lets loopback be offered. */
export const contextOptions: ClusterContextOptions = { permissions: ['microphone'] }
