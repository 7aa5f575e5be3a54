import { registerHooks } from 'node:module'

/*
 * Loaded before a part of a server that is to be caught: one that gives an account to the next before the last holder's credential was replaced. Both
 * who looks (the api) and who decides (the keeper) are put together with files that lie in test/ and are in no release; the product has no switch for it.
 */

const src = new URL('../../../../server/src/', import.meta.url)
const swaps = new Map(
  ['domains/rotation/is-replaced.ts', 'keeper/authority/holding-rule.ts'].map((file) => [
    new URL(file, src).href,
    new URL(file.slice(file.lastIndexOf('/') + 1), import.meta.url).href,
  ]),
)
const ours = new Set(swaps.values())

if (/\/(keeper|api)\.ts$/.test(process.argv[1] ?? ''))
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      const by = swaps.get(found.url)
      // what stands in for a file takes the rest of it from the file itself
      return by === undefined || ours.has(context.parentURL ?? '') ? found : { ...found, url: by }
    },
  })
