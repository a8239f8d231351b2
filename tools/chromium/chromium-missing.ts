/** The one way in which the search for a browser can fail. */

/** There is no Chromium here and none could be installed; the message says what to do. */
export class ChromiumMissing extends Error {
  readonly code = 'chromium-missing'
  override readonly name = 'ChromiumMissing'
}
