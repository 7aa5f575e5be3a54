import type { CharacterClass } from '../../kernel/password-rules.ts'

/** What passwords are made of: without look-alikes (0 O 1 l I) and without what shells, URLs or connection strings read in their own way. */
const characters: Readonly<Record<CharacterClass, string>> = {
  lower: 'abcdefghijkmnpqrstuvwxyz',
  upper: 'ABCDEFGHJKLMNPQRSTUVWXYZ',
  digit: '23456789',
  symbol: '-_.+=~',
}

/** In the order in which they are shown. */
export const characterClasses = Object.keys(characters) as CharacterClass[]

/** The characters of each of these classes that may be used. */
export const alphabetOf = (classes: readonly CharacterClass[], excluded: string): string[] =>
  characterClasses.filter((c) => classes.includes(c)).map((c) => [...characters[c]].filter((ch) => !excluded.includes(ch)).join(''))
