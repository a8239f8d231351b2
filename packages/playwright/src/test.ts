/** `test` with a `cluster`: tabs that close with the test, and what they remember attached to the report of one that fails. */
import { test as base } from '@playwright/test'
import type {
  PlaywrightTestArgs,
  PlaywrightTestOptions,
  PlaywrightWorkerArgs,
  PlaywrightWorkerOptions,
  TestInfo,
  TestType,
} from '@playwright/test'
import { Cluster } from './cluster.ts'
import { historyLine } from './history.ts'
import { contextOptions, launchOptions } from './launch-options.ts'

export { expect } from './matchers.ts'

/** What is added to Playwright's fixtures. */
export interface ClusterFixtures {
  /** The tabs of this test; empty at its beginning. */
  readonly cluster: Cluster
}

type OfTest = PlaywrightTestArgs & PlaywrightTestOptions & ClusterFixtures
type OfWorker = PlaywrightWorkerArgs & PlaywrightWorkerOptions

/** As Playwright's, and each test has a cluster. Launch options of the configuration are added to, not replaced. */
export const test: TestType<OfTest, OfWorker> = base.extend<ClusterFixtures>({
  launchOptions: [
    async ({ launchOptions: configured }, use) => {
      const args = [...launchOptions.args, ...(configured.args ?? [])]
      await use({ ...launchOptions, ...configured, args })
    },
    { scope: 'worker' },
  ],

  cluster: async ({ browser, contextOptions: configured, baseURL }, use, testInfo) => {
    const cluster = new Cluster({
      browser,
      contextOptions: {
        ...configured,
        ...(baseURL === undefined ? {} : { baseURL }),
        permissions: [...contextOptions.permissions, ...(configured.permissions ?? [])],
      },
    })
    await use(cluster)
    if (testInfo.status !== testInfo.expectedStatus) await attachAll(cluster, testInfo)
    await cluster.close()
  },
})

/** Whatever can be had: a tab that does not answer must not hide what the others know. */
async function attachAll(cluster: Cluster, testInfo: TestInfo): Promise<void> {
  const attach = async (name: string, contentType: string, body: () => Promise<string>) => {
    try {
      await testInfo.attach(name, { contentType, body: await body() })
    } catch (error) {
      await testInfo.attach(`${name} (not to be had)`, {
        contentType: 'text/plain',
        body: String(error),
      })
    }
  }
  await attach('tabs.txt', 'text/plain', () => Promise.resolve(cluster.describe()))
  await attach('history.jsonl', 'application/jsonl', async () =>
    (await cluster.history()).map((event) => `${historyLine(event)}\n`).join(''),
  )
  await attach('trace.jsonl', 'application/jsonl', () => cluster.trace())
}
