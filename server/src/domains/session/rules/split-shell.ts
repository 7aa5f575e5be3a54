/** A command without its separators: its words as the shell would pass them, and the files that it writes to. */
export interface SimpleCommand {
  words: string[]
  writes: string[]
}

/** More than a person types; what is longer is looked at up to here. */
const longest = 16_384
const most = 500

/**
 * Splits a line of a POSIX shell into simple commands, those in `$( )`, backquotes and groups among them. Nothing is expanded: a variable stays as it
 * is written. An open quote ends with the text.
 */
export function simpleCommands(line: string): SimpleCommand[] {
  const text = line.slice(0, longest)
  const found: SimpleCommand[] = []
  let words: string[] = []
  let writes: string[] = []
  let word: string | undefined
  let redirect = false

  const endWord = (): void => {
    if (word === undefined) return
    if (redirect) writes.push(word)
    else words.push(word)
    redirect = false
    word = undefined
  }
  const endCommand = (): void => {
    endWord()
    redirect = false
    if ((words.length > 0 || writes.length > 0) && found.length < most) found.push({ words, writes })
    words = []
    writes = []
  }
  for (let at = 0; at < text.length; at++) {
    const c = text[at] ?? ''
    if (c === '\\') {
      at += 1
      if (text[at] !== '\n') word = (word ?? '') + (text[at] ?? '')
    } else if (c === "'") {
      const end = text.indexOf("'", at + 1)
      word = (word ?? '') + text.slice(at + 1, end < 0 ? text.length : end)
      at = end < 0 ? text.length : end
    } else if (c === '"') {
      const { inside, end } = doubleQuoted(text, at + 1)
      word = (word ?? '') + inside
      // a substitution runs in double quotes, too
      for (const inner of substitutions(inside)) found.push(...simpleCommands(inner).slice(0, most - found.length))
      at = end
    } else if (c === '#' && word === undefined) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end - 1
    } else if (c === '>') {
      // the 2 of `2>` belongs to it
      if (word !== undefined && /^\d+$/.test(word)) word = undefined
      endWord()
      while (text[at + 1] === '>' || text[at + 1] === '|') at += 1
      // `>&1` writes to no file
      if (text[at + 1] === '&') at += 1
      else redirect = true
    } else if (';&|\n(){}`'.includes(c) && !(c === '{' || c === '}' ? word !== undefined : false)) endCommand()
    else if (c === '$' && text[at + 1] === '(') {
      endWord()
      at += 1
      endCommand()
    } else if (c === ' ' || c === '\t' || c === '\r') endWord()
    else word = (word ?? '') + c
  }
  endCommand()
  return found
}

function doubleQuoted(text: string, from: number): { inside: string; end: number } {
  let inside = ''
  for (let at = from; at < text.length; at++) {
    const c = text[at] ?? ''
    if (c === '"') return { inside, end: at }
    if (c === '\\' && '"\\$`\n'.includes(text[at + 1] ?? '')) at += 1
    inside += text[at] ?? ''
  }
  return { inside, end: text.length }
}

const substitutions = (text: string): string[] =>
  [...text.matchAll(/\$\(([^)]*)\)?|`([^`]*)`?/g)].map(([, one, other]) => one ?? other ?? '')
