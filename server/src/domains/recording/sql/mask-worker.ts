import { parentPort } from 'node:worker_threads'
import { loadParser, maskStatement } from './mask-statement.ts'

// A thread of its own: long texts take a while, and what breaks the parser breaks no session.
await loadParser()
parentPort?.on('message', ({ id, sql }: { id: number; sql: string }) => parentPort?.postMessage({ id, result: maskStatement(sql) }))
