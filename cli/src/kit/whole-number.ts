import { InvalidArgumentError } from 'commander'

/** Reads an option that is a whole number within bounds; the sentence tells what to give. */
export const wholeNumber =
  (sentence: string, least: number, most = Number.POSITIVE_INFINITY) =>
  (text: string): number => {
    const number = Number(text)
    if (!Number.isInteger(number) || number < least || number > most) throw new InvalidArgumentError(sentence)
    return number
  }
