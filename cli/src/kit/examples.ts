/** The examples at the end of a help page: command → what it is for. */
export function examples(lines: Record<string, string>): string {
  const width = Math.max(...Object.keys(lines).map((command) => command.length))
  const body = Object.entries(lines).map(([command, meaning]) => `  ${command.padEnd(width)}  ${meaning}`)
  return `\nExamples:\n${body.join('\n')}`
}
