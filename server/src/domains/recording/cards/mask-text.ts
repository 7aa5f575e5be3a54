import { CardMask, type CardMaskOptions } from './card-mask.ts'

const digits = /\d\D*\d\D*\d/

/** One text, of which nothing follows, with card numbers and codes in it masked. Nothing is shorter or longer for it. */
export function maskCards(text: string, options: Pick<CardMaskOptions, 'everywhere'> = {}): string {
  if (!digits.test(text)) return text
  const stream = new CardMask(options)
  const begin = stream.push(Buffer.from(text))
  return Buffer.concat([begin, stream.end()]).toString()
}
