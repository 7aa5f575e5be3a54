import type { AnswerOf, session as api } from '@claviger/api'
import { fileList, type RecordingReader } from '../recording/index.ts'
import { showVerdict } from './show-verdict.ts'

type Answer = AnswerOf<typeof api.sessionFiles>

/** One page of what was done to files. All of the recording is read each time: what verification says is about all of it. */
export async function showFiles(reader: RecordingReader, page: { after: number; limit: number }): Promise<Answer> {
  try {
    const files: Answer['files'] = []
    let total = 0
    for await (const file of fileList(reader)) {
      total += 1
      if (file.n > page.after && files.length < page.limit) files.push({ ...file, at: file.at.toISOString() })
    }
    const last = files.at(-1)?.n
    const next = last !== undefined && files.length === page.limit && last < total ? last : null
    return { files, total, next, verified: showVerdict(reader) }
  } finally {
    await reader.close()
  }
}
