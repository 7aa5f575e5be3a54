// `npm run new:kind -- NAME`: the folder of a new target kind, with everything in it that is asked for and a test that fails.
import { newKind } from './house/new-kind.mjs'
import { home } from './house/paths.mjs'

process.exitCode = newKind(process.argv[2], home)
