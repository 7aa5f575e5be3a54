import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest on a machine of two cores, the longest first; of all others vitest starts the largest first. */
const long = [
  ...['contract.real', 'rotation.real', 'orders-db.real', 'start-postgres.real', 'shells.real', 'grants.real'],
  // so many begin together, one lane each: what mostly waits beside what mostly works, and no tour beside another, since each has its time
  ...['console', 'target-kinds', 'faults-rotation', 'self-watch', 'offline-kit', 'tour-without-root'],
  ...['conformance', 'card-data', 'console-people', 'console-oversight', 'yesterday', 'faults', 'faults-checkout', 'tour-postgres15'],
  ...['console-breakglass', 'clock-set-back', 'check-out', 'console-keys', 'two-servers', 'seal-hsm', 'rotation-care', 'tour'],
  ...['service', 'console-inventory', 'console-pages', 'console-evidence', 'disaster', 'faults-sessions', 'faults-can-fail'],
  ...['postgres-gateway', 'authorisation', 'seal-at-work', 'console-seal', 'seal-shares', 'bad-days', 'bad-starts', 'superuser-attacks'],
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
