// Applies dependencies.cjs to this clone; `npm run check` runs it.
import { cruiseTree, problems } from './house/cruise.mjs'
import { home } from './house/paths.mjs'

const cruised = await cruiseTree(home)
const lines = problems(cruised)
console.log(lines.length > 0 ? lines.join('\n') : `${cruised.sources.length} source files keep the rules`)
process.exitCode = lines.length > 0 ? 1 : 0
