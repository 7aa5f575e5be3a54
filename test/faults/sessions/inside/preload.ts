import { registerHooks } from 'node:module'

/*
 * Loaded before a gateway that is to be caught (`node --import`): one that shows people what is not recorded yet (`show-first`), or that goes on when
 * nothing can be recorded any more (`unheard`). It is put together with a file that lies in test/ and is in no release; the product has no switch for it.
 */

const order = process.env.CLAVIGER_FAULTS_ORDER
if (order !== 'show-first' && order !== 'unheard') throw new Error(`there is no order of recording called ${order}`)
const file = new URL('../../../../server/src/domains/recording/frame-queue.ts', import.meta.url).href
const by = new URL(`${order}/frame-queue.ts`, import.meta.url).href

if (/\/gateway\.ts$/.test(process.argv[1] ?? ''))
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      // what stands in for the file takes the rest of it from the file itself
      return found.url !== file || context.parentURL === by ? found : { ...found, url: by }
    },
  })
