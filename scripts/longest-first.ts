import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest on a machine of two cores, the longest first; of all others vitest starts the largest first. */
const long = [
  ...['contract.real', 'rotation.real', 'orders-db.real', 'start-postgres.real', 'shells.real', 'grants.real'],
  // a tour has to be done in two minutes: each begins beside what mostly waits, and none beside another
  ...['faults', 'faults-rotation', 'self-watch', 'tour-without-root', 'faults-checkout', 'faults-sessions', 'clock-set-back'],
  ...['tour-postgres15', 'console-people', 'yesterday', 'console-pages', 'two-servers', 'tour'],
  ...['service', 'console-oversight', 'conformance'],
]

/** Starts long files first, so that a run with several at a time does not end with one long one alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return at === -1 ? long.length : at
    }
    const order = ({ project }: TestSpecification) => project.config.sequence.groupOrder
    // stable: what is not named keeps the order that vitest found
    return (await super.sort(files)).sort((a, b) => order(a) - order(b) || rank(a) - rank(b))
  }
}
