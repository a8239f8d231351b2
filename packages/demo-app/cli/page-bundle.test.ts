import { expect, test } from 'vitest'
import { buildPage } from './page-bundle.ts'
import type { PageBundle } from './page-bundle.ts'

/** Building takes seconds, on a busy machine many. */
const buildLimitMs = 120_000
const firstLoadBytesMax = 250_000

/** What a browser fetches before anything is pressed: the page, and what it and its scripts name without asking. */
function firstLoad(bundle: PageBundle): readonly string[] {
  const wanted = ['index.html']
  for (const name of wanted) {
    const text = bundle.get(name)?.body.toString() ?? ''
    const named = name.endsWith('.html')
      ? [...text.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? '')
      : [...text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)].map(
          (match) => `assets/${match[1] ?? ''}`,
        )
    wanted.push(...named.filter((each) => bundle.has(each) && !wanted.includes(each)))
  }
  return wanted
}

test(
  '[LB5] the page is there after less than 250 kB, and the lab is not part of them',
  async () => {
    const bundle = await buildPage()
    const files = firstLoad(bundle)
    const bytes = files.reduce((sum, name) => sum + (bundle.get(name)?.gzipped.length ?? 0), 0)
    expect(files.some((name) => name.endsWith('.css'))).toBe(true)
    expect(files.some((name) => name.endsWith('.js'))).toBe(true)
    expect(bytes).toBeLessThan(firstLoadBytesMax)
    const lab = [...bundle.keys()].filter((name) => /\/lab-[^/]*\.(js|css)$/.test(name))
    expect(lab.length).toBeGreaterThan(1)
    for (const name of lab) expect(files).not.toContain(name)
    console.log(`first load: ${bytes} bytes gzipped in ${files.length} files`)
  },
  buildLimitMs,
)
