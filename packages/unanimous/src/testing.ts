/** For the tests of machines and of what is built on them: several tabs of one group in one process. */
export { createTestCluster } from './testing/cluster.ts'
export type { TestCluster, TestClusterOptions } from './testing/cluster.ts'
