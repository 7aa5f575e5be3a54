import { differencesOf } from './compare-printed.ts'
import { readSuite, runDirect, runThroughGateway } from './postgres-suite.ts'

/** Runs the suite in `folder` both ways, tells what differs, and answers with the exit status. */
export async function upstream(folder: string): Promise<number> {
  const suite = readSuite(folder)
  const telling = (way: string) => {
    let done = 0
    return (test: string) => void process.stderr.write(`${way} ${++done}/${suite.tests.length} ${test}\n`)
  }
  const direct = await runDirect(suite, telling('straight'))
  const { printed, statements } = await runThroughGateway(suite, telling('gateway'))
  const differences = differencesOf(direct, printed)
  for (const { test, line, direct, through } of differences)
    process.stdout.write(`${test}, line ${line}\n  straight  ${direct}\n  gateway   ${through}\n`)
  process.stdout.write(`${suite.tests.length} tests, ${differences.length} of them different; ${statements} statements recorded\n`)
  return differences.length > 0 || suite.tests.length === 0 || statements === 0 ? 1 : 0
}
