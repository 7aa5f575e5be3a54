import { prepareMasking } from '../domains/recording/index.ts'
import { joinCrew } from '../platform/crew/index.ts'
import { loadS3 } from '../platform/object-store/index.ts'
import { readPartConfig, runPart } from '../platform/process/part.ts'
import { openCarrying, openGatewayDoors } from './gateway-doors.ts'
import type { GatewayWorkerConfig } from './part-config.ts'
import { whileOpen } from './while-open.ts'

/**
 * One more process that carries sessions, so that more than one core does: `gateway.ts` accepts connections and brings them here. It ends
 * when that one does, and that one when this ends.
 */
const config = await readPartConfig<GatewayWorkerConfig>()
// before root is given up
if (config.bucket) await loadS3()
const crew = joinCrew(config.index)
await runPart('gateway', async () => {
  prepareMasking()
  const carrying = await openCarrying(config, `gateway-${config.index}`)
  const { keeper, log } = carrying
  let full = false
  crew.hear('spool.full', (now: boolean) => {
    full = now
  })
  const open = async () => {
    const opened = await openGatewayDoors(config, carrying, {
      chorus: crew,
      listens: false,
      spoolFull: () => full,
      whenOver: () => crew.say('session.over', true, 0),
    })
    crew.receive((door, line, place) => opened.doors[door as keyof typeof opened.doors].admit(line, place))
    return {
      async close() {
        crew.receive(undefined)
        await opened.close()
      },
    }
  }
  // to fail would end the first process too, and the sessions that it carries already
  const patient = true
  const doors = await whileOpen(keeper, { open, closing: async () => void (await keeper.ask('doorsClosed', {})), patient }, log)
  return {
    message: {},
    async stop() {
      crew.stop()
      await doors.close()
      await carrying.close()
    },
  }
})
