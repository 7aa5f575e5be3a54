// `npm run check`: format, lint, types, dependency rules and unit tests; quick enough to run before every commit.
import { check } from './house/check.mjs'
import { home, pathsOf } from './house/paths.mjs'

process.exitCode = (await check(pathsOf(home))).failed === 0 ? 0 : 1
