import type { AnswerOf, session as api } from '@claviger/api'
import { fileList, type RecordingReader } from '../recording/index.ts'
import { showPage } from './show-page.ts'

/** One page of what was done to files. */
export async function showFiles(
  reader: RecordingReader,
  page: { after: number; limit: number },
): Promise<AnswerOf<typeof api.sessionFiles>> {
  const { items: files, ...rest } = await showPage(reader, fileList(reader), page, (file) => ({ ...file, at: file.at.toISOString() }))
  return { files, ...rest }
}
