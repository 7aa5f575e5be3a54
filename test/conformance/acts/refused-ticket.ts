import { runProgram } from '../../support/process.ts'
import type { Lane } from '../lane.ts'
import { logInByApi } from '../paths/api.ts'
import { mariadb, psql } from '../paths/native.ts'
import { openSqlPage } from '../paths/web.ts'
import { rowsFor } from '../row.ts'

const guessed = `clvt_${'A'.repeat(22)}`

const byClient = async (lane: Lane, port: number) => {
  const run =
    lane.wire === 'postgres' ? await psql(lane, port, ['-c', 'select 1'], guessed) : await mariadb(lane, port, ['-e', 'select 1'], guessed)
  const { said } = await runProgram(run.file, run.args, { seconds: 180, env: run.env })
  if (!said.includes('not known')) throw new Error(said)
  await lane.sees('session.attempt')
}

export default rowsFor(['postgres', 'mysql'], () => ({
  act: 'turned away: a guessed ticket',
  leaves: [/^session\.attempt \(refused\)/],
  cells: {
    native: (lane) => byClient(lane, lane.door),
    async web(lane) {
      const page = await openSqlPage(lane, guessed)
      await page.shows(/not known/)
      await page.gone()
      await lane.sees('session.attempt')
    },
    cli: '`claviger connect` gets its tickets itself.',
    async api(lane) {
      await logInByApi(lane, guessed)
      await lane.sees('session.attempt')
    },
    forwarded: (lane) => byClient(lane, lane.carried),
  },
}))
