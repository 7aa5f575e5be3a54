import { type PageParts, pageJson, policyOf } from './page-parts.ts'

interface Bytes {
  size: number
  read(from: number, length: number): Promise<Uint8Array>
}

/** Bytes of the recording in one line of base64: a whole number of triples, so that no line but the last is padded. */
export const lineBytes = 49_152

/**
 * The page: what it says before its script ran, what it is about, the sealed recording, and the script. What comes from the recording stands in it as
 * base64 alone, what comes from elsewhere as JSON without a character that means anything to HTML.
 */
export async function* writePage(parts: PageParts, evidence: { format: string; title: string }, recording: Bytes): AsyncGenerator<string> {
  const { title, ...told } = evidence
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(parts)}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title.replaceAll(/[^\w .:@-]/g, '')}</title>
<style>${parts.style}</style>
</head>
<body>
<main id="evidence"><p class="unchecked" role="alert">Not verified: the program of this page did not run. Scripts are off, or it was altered.</p></main>
<script type="application/json" id="told">${pageJson(told)}</script>
<script type="text/plain" id="recording">
`
  for (let at = 0; at < recording.size; at += lineBytes) yield `${Buffer.from(await recording.read(at, lineBytes)).toString('base64')}\n`
  yield `</script>
<script>${parts.script}</script>
</body>
</html>
`
}
